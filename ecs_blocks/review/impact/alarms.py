"""Whether people are still told: thresholds, actions, alarms that are switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import changed, count, listed
from ecs_blocks.review.impact.reading import at, differs, finite
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

TYPES: Final = (
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::LogAlarm",
)
_SETTINGS: Final = {
    "Threshold": "threshold",
    "EvaluationPeriods": "periods looked at",
    "DatapointsToAlarm": "periods over the threshold",
    "Period": "period in seconds",
    "Statistic": "statistic",
    "ExtendedStatistic": "statistic",
    "ComparisonOperator": "comparison",
    "TreatMissingData": "missing data",
    "MetricName": "metric",
    "AlarmRule": "rule",
}

_WATCHED: Final = (
    "Metrics",
    "Namespace",
    "MetricName",
    "Dimensions",
    "Statistic",
    "ExtendedStatistic",
    "Period",
    "Unit",
)
"""What an alarm watches: ``Metrics``, or all the others."""


def alarms(subject: Subject) -> Iterator[Finding]:
    """What changes in alarms; the same change of several is one finding."""
    grouped: dict[tuple[str, Weight], dict[str, list[str]]] = {}
    for _, old, new in subject.modified(*TYPES):
        for path, words, weight in _changes(old, new):
            grouped.setdefault((words, weight), {}).setdefault(new.id, []).append(path)
    for (words, weight), found in grouped.items():
        names = list(found)
        who = names[0] if len(names) == 1 else f"{count(len(names), 'alarm')} ({listed(names)})"
        yield Finding(
            kind="alarm",
            weight=weight,
            text=f"{who}: {words}",
            covers=tuple((name, path) for name, paths in found.items() for path in paths),
        )


def _changes(old: Resource, new: Resource) -> Iterator[tuple[str, str, Weight]]:
    computed = [at(one, "Metrics") is not None for one in (old, new)]
    if computed[0] is not computed[1]:
        now = "a computation over several metrics" if computed[1] else "one metric"
        for path in _WATCHED:
            yield path, f"it watches {now} from now on", Weight.NOTICE
    for path, noun in _SETTINGS.items():
        if computed[0] is not computed[1] and path in _WATCHED:
            continue
        before, after = at(old, path), at(new, path)
        if differs(before, after):
            words = f"{noun} {changed(before, after)}{_sense(path, old, new)}"
            yield path, words, Weight.NOTICE
    enabled = [_is_enabled(at(one, "ActionsEnabled")) for one in (old, new)]
    if enabled == [True, False]:
        yield "ActionsEnabled", "switched off: nobody is told", Weight.APPROVAL
    elif enabled == [False, True]:
        yield "ActionsEnabled", "switched on", Weight.CALM
    before, after = (_actions(at(one, "AlarmActions")) for one in (old, new))
    if before and after == []:
        yield "AlarmActions", "no action is left: nobody is told", Weight.APPROVAL
    elif before == [] and after:
        yield "AlarmActions", "somebody is told from now on", Weight.CALM
    elif before is not None and after is not None and differs(before, after):
        yield "AlarmActions", "somebody else is told", Weight.NOTICE


def _sense(path: str, old: Resource, new: Resource) -> str:
    """Whether it rings sooner or later than before, where one can say so."""
    before, after = finite(at(old, path)), finite(at(new, path))
    if path != "Threshold" or before is None or after is None:
        return ""
    operator = text(at(new, "ComparisonOperator"))
    if operator != text(at(old, "ComparisonOperator")):
        return ""
    if operator.startswith("GreaterThan"):
        return ": rings later" if after > before else ": rings sooner"
    if operator.startswith("LessThan"):
        return ": rings later" if after < before else ": rings sooner"
    return ""


def _is_enabled(value: Any) -> bool | None:
    if is_intrinsic(value):
        return None
    return value is None or text(value).lower() == "true"


def _actions(value: Any) -> list[Any] | None:
    return None if is_intrinsic(value) else as_items(value)
