"""CloudWatch refuses an alarm whose formula does not add up.

In ``Metrics`` each entry has an ``Id`` (a lower-case letter first) and either an ``Expression`` or
a ``MetricStat``. An expression may use the ids of other entries only. Exactly one entry is what the
alarm watches: it has ``ReturnData: true``, all others ``false``. Left out, it is true, so that two
entries without it are already one too many.

Source: Amazon CloudWatch API Reference, MetricDataQuery and PutMetricAlarm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true
from ecs_blocks.checks.views.metrics_used import ALARM
from ecs_blocks.checks.views.parts import Part, each, parts, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID: Final = re.compile(r"[a-z]\w*")
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
# Names in an expression that begin with a lower-case letter and are not called are ids.
_USED: Final = re.compile(r"(?<![\w.])([a-z]\w*)\b(?!\s*\()")
_WORDS: Final = frozenset({"and", "or", "not"})


def _judge(alarm: Resource, _template: Template) -> Iterator[Fault]:
    queries = list(parts(alarm, "Metrics"))
    if not queries:
        return
    ids = [text(query.get("Id")) for query in queries]
    yield from _ids(queries, ids)
    yield from each(queries, lambda query: _query(query, frozenset(ids)))
    watched = text(alarm.get("ThresholdMetricId"))
    if watched and watched not in ids:
        yield Fault("ThresholdMetricId", f"no entry of Metrics has the id {watched!r}")
    yield from _returned(queries, watched)


def _ids(queries: list[Part], ids: list[str]) -> Iterator[Fault]:
    for index, (query, id_) in enumerate(zip(queries, ids, strict=True)):
        if not _ID.fullmatch(id_):
            yield Fault(query.at("Id"), f"the id {id_!r} does not begin with a lower-case letter")
        elif id_ in ids[:index]:
            yield Fault(query.at("Id"), f"the id {id_!r} is there twice")


def _query(query: Part, ids: frozenset[str]) -> Iterator[Fault]:
    expression, stat = query.raw("Expression"), query.raw("MetricStat")
    if (expression is None) == (stat is None):
        yield Fault(query.path, "an entry has either an Expression or a MetricStat")
    if expression is None:
        return
    formula = _QUOTED.sub("", text(query.get("Expression")))
    if formula.lstrip().upper().startswith("SELECT"):
        return  # a query of Metrics Insights, which knows no ids
    for name in dict.fromkeys(_USED.findall(formula)):
        if name not in ids and name not in _WORDS:
            yield Fault(query.at("Expression"), f"no entry of Metrics has the id {name!r}")


def _returned(queries: list[Part], watched: str) -> Iterator[Fault]:
    returning = [query for query in queries if is_true(query.get("ReturnData", True))]
    if watched:
        return  # with an anomaly band, both the metric and the band return data
    if len(returning) != 1:
        given = ", ".join(text(query.get("Id")) for query in returning) or "none"
        yield Fault("Metrics", f"exactly one entry may return data; returning: {given}")


CHECK = Check(
    id="EB706",
    title="metric math that CloudWatch refuses",
    types=(ALARM,),
    severity=Severity.ERROR,
    fix="name only ids of Metrics, and set ReturnData to false for all but the watched one",
    judge=_judge,
)
