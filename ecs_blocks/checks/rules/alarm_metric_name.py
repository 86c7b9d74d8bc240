"""An alarm on a metric that nobody publishes never fires, and never says so.

CloudWatch takes any name: metrics come into being when data does. ``CpuUtilization`` for
``CPUUtilization`` leaves the alarm in INSUFFICIENT_DATA for ever, or, with ``TreatMissingData:
notBreaching``, in a reassuring OK.

Names are compared with the lists that AWS publishes; where AWS has added one since, suppress this
check on the alarm.

Source: the lists of metrics in the user guides of the services, see ``metric_names``.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ecs_blocks.checks.facts.metric_names import METRICS
from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.metrics_used import USERS, metrics_used
from ecs_blocks.checks.views.parts import Part, each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def _judge(user: Resource, _template: Template) -> Iterator[Fault]:
    yield from each(metrics_used(user), _metric)


def _metric(metric: Part) -> Iterator[Fault]:
    if metric.raw("MetricName") is None:
        return
    namespace, name = metric.get("Namespace"), metric.get("MetricName")
    if not isinstance(namespace, str) or not isinstance(name, str):
        return
    if namespace not in METRICS:
        same = [one for one in METRICS if one.lower() == namespace.lower()]
        if same:
            yield Fault(metric.at("Namespace"), f"there is no {namespace!r}, only {same[0]!r}")
    elif name not in METRICS[namespace]:
        nearest = _nearest(name, METRICS[namespace])
        hint = f"; nearest: {nearest}" if nearest else ""
        yield Fault(metric.at("MetricName"), f"{namespace} has no metric {name!r}{hint}")


def _nearest(name: str, names: Iterable[str]) -> str | None:
    by_lower = {one.lower(): one for one in names}
    found = get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


CHECK = Check(
    id="EB703",
    title="metric that AWS does not publish",
    types=USERS,
    severity=Severity.WARNING,
    fix="use the name of a metric that the service publishes",
    judge=_judge,
)
