"""CloudWatch looks at metrics in certain periods only, and not further back than it keeps them.

A ``Period`` is 10, 20 or 30 seconds, or a multiple of 60. ``EvaluationPeriods`` times ``Period``
is at most one day, or seven days where the period is an hour or more. ``DatapointsToAlarm`` cannot
be more than ``EvaluationPeriods``. Anything else is refused when the stack is deployed.

Source: Amazon CloudWatch API Reference, PutMetricAlarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.metrics_used import ALARM
from ecs_blocks.checks.views.parts import Part, each, number, parts, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOUR: Final = 3_600
_DAY: Final = 86_400
_WEEK: Final = 604_800
_SHORT: Final = (10, 20, 30)
_SHORT_IN_METRICS: Final = (1, 5, *_SHORT)


def _judge(alarm: Resource, _template: Template) -> Iterator[Fault]:
    yield from _period(whole(alarm), "Period", _SHORT)

    def query(one: Part) -> Iterator[Fault]:
        yield from _period(one, "Period", _SHORT_IN_METRICS)
        yield from _period(one, "MetricStat.Period", _SHORT_IN_METRICS)

    yield from each(parts(alarm, "Metrics"), query)
    yield from _window(alarm)


def _period(part: Part, path: str, short: tuple[int, ...]) -> Iterator[Fault]:
    given = part.get(path)
    seconds = number(given)
    if given is None or seconds in short or (seconds and seconds > 0 and seconds % 60 == 0):
        return
    allowed = ", ".join(str(one) for one in short)
    yield Fault(part.at(path), f"{given!r} is no period; allowed: {allowed}, multiples of 60")


def _window(alarm: Resource) -> Iterator[Fault]:
    count = number(alarm.get("EvaluationPeriods"))
    if count is None:
        return
    needed = number(alarm.get("DatapointsToAlarm"))
    if needed is not None and needed > count:
        yield Fault("DatapointsToAlarm", f"{needed:g} of {count:g} periods can never be breaching")
    period = number(alarm.get("Period"))
    if period is None:
        return
    limit = _DAY if period < _HOUR else _WEEK
    if count * period > limit:
        reach = f"{count:g} periods of {period:g} seconds"
        yield Fault("EvaluationPeriods", f"{reach} reach back more than {limit} seconds")


CHECK = Check(
    id="EB707",
    title="alarm period that CloudWatch refuses",
    types=(ALARM,),
    severity=Severity.ERROR,
    fix="use a period of 60 seconds or a multiple, and look back at most a day",
    judge=_judge,
)
