"""Some settings of an alarm are free text to the schema, and fixed words to CloudWatch.

``TreatMissingData`` is ``breaching``, ``notBreaching``, ``ignore`` or ``missing``;
``EvaluateLowSampleCountPercentile`` is ``evaluate`` or ``ignore``. An extended statistic is a
percentile (``p99``, ``p99.9``), a trimmed statistic (``tm90``, ``TM(10%:90%)``), ``IQM`` or
``PR(0:500)``. Anything else is refused when the stack is deployed.

Source: Amazon CloudWatch API Reference, PutMetricAlarm; User Guide, "CloudWatch statistics
definitions".
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.metrics_used import ALARM
from ecs_blocks.checks.views.parts import Part, each, parts, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS: Final = {
    "TreatMissingData": ("breaching", "notBreaching", "ignore", "missing"),
    "EvaluateLowSampleCountPercentile": ("evaluate", "ignore"),
}
_STATISTICS: Final = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_EXTENDED: Final = re.compile(
    r"(?:p|tm|tc|ts|wm)(?P<share>\d{1,3}(?:\.\d{1,10})?)|IQM|(?:TM|TC|TS|WM|PR)\([^()]*:[^()]*\)",
    re.IGNORECASE,
)


def _judge(alarm: Resource, _template: Template) -> Iterator[Fault]:
    yield from each(_WORDS, lambda name: _word(whole(alarm), name))
    yield from _extended(whole(alarm))
    yield from each(parts(alarm, "Metrics"), _stat)


def _word(alarm: Part, name: str) -> Iterator[Fault]:
    given = alarm.get(name)
    if given is not None and given not in _WORDS[name]:
        allowed = ", ".join(_WORDS[name])
        nearest = get_close_matches(text(given), _WORDS[name], n=1)
        hint = f"; nearest: {nearest[0]}" if nearest else ""
        yield Fault(name, f"{given!r} is no value of {name}; allowed: {allowed}{hint}")


def _extended(alarm: Part) -> Iterator[Fault]:
    given = alarm.get("ExtendedStatistic")
    if given is not None and not _is_extended(text(given)):
        yield Fault("ExtendedStatistic", f"{given!r} is no statistic; p99 or TM(10%:90%) is one")


def _stat(query: Part) -> Iterator[Fault]:
    given = query.get("MetricStat.Stat")
    if given is not None and given not in _STATISTICS and not _is_extended(text(given)):
        known = ", ".join(_STATISTICS)
        yield Fault(query.at("MetricStat.Stat"), f"{given!r} is no statistic; {known}, p99 are")


def _is_extended(given: str) -> bool:
    found = _EXTENDED.fullmatch(given)
    return found is not None and float(found["share"] or 0) <= 100


CHECK = Check(
    id="EB708",
    title="alarm setting that CloudWatch does not know",
    types=(ALARM,),
    severity=Severity.ERROR,
    fix="use one of the words that CloudWatch knows",
    judge=_judge,
)
