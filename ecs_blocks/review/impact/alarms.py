"""Whether people are still told: thresholds, actions, alarms that are switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.balancers import TARGET_GROUP
from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import changed, count, listed
from ecs_blocks.review.impact.reading import at, differs, finite, is_looked_up
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.resolve import is_intrinsic, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template
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


_Change = tuple[str, str | tuple[str, str], Weight]
"""The path of a property, what is said of it (of one alarm, and of several), and its weight."""


def alarms(subject: Subject) -> Iterator[Finding]:
    """What changes in alarms; the same change of several is one finding."""
    grouped: dict[tuple[str, str, Weight], dict[str, list[str]]] = {}
    for _, old, new in subject.modified(*TYPES):
        watched = _watched(subject, old, new)
        paths = {path for path, _, _ in watched}
        changes = (one for one in _changes(old, new) if one[0] not in paths)
        for path, words, weight in (*watched, *changes):
            one, several = words if isinstance(words, tuple) else (words, words)
            grouped.setdefault((one, several, weight), {}).setdefault(new.id, []).append(path)
    for (one, several, weight), found in grouped.items():
        names = list(found)
        words = one if len(names) == 1 else several
        who = names[0] if len(names) == 1 else f"{count(len(names), 'alarm')} ({listed(names)})"
        yield Finding(
            kind="alarm",
            weight=weight,
            text=f"{who}: {words}",
            covers=tuple((name, path) for name, paths in found.items() for path in paths),
        )


def _watched(subject: Subject, old: Resource, new: Resource) -> list[_Change]:
    """That it counts one target group more, or less, where nothing else of it differs.

    So it is when a service gets a second target group to shift its traffic, or gives it up.
    """
    before, after = (
        _groups(template, alarm)
        for template, alarm in ((subject.before, old), (subject.after, new))
    )
    is_same = all(one in _metrics(new) for one in _metrics(old)) or all(
        one in _metrics(old) for one in _metrics(new)
    )
    if not is_same or not (before < after or after < before):
        return []
    if before < after:
        what = "both target groups" if len(after) == 2 else listed(sorted(after))
    else:
        what = f"only {listed(sorted(after))}" if after else "no target group"
    words = f"it counts {what} from now on", f"they count {what} from now on"
    return [(path, words, Weight.NOTICE) for path in _WATCHED]


def _groups(template: Template, alarm: Resource) -> set[str]:
    """The target groups of the template that an alarm looks at, by logical id."""
    names = {one for metric in _metrics(alarm) for one in referred_names(metric)}
    return {one.id for one in template.of_type(TARGET_GROUP) if one.id in names}


def _metrics(alarm: Resource) -> list[Any]:
    """Each metric that an alarm reads: what it is, of what, in which period, by what statistic."""
    if (queries := at(alarm, "Metrics")) is None:
        keys = ("Namespace", "MetricName", "Dimensions", "Unit", "Period")
        found = [at(alarm, one) for one in keys]
        statistic = at(alarm, "Statistic") or at(alarm, "ExtendedStatistic")
        return [normalised([*found, statistic])]
    metrics = []
    for query in [] if is_intrinsic(queries) else as_items(queries):
        stat = query.get("MetricStat") if isinstance(query, dict) else None
        if isinstance(stat, dict) and isinstance(metric := stat.get("Metric"), dict):
            found = [metric.get(one) for one in ("Namespace", "MetricName", "Dimensions")]
            stats = [stat.get(one) for one in ("Unit", "Period", "Stat")]
            metrics.append(normalised([*found, *stats]))
    return metrics


def _changes(old: Resource, new: Resource) -> Iterator[_Change]:
    computed = [at(one, "Metrics") is not None for one in (old, new)]
    if computed[0] is not computed[1]:
        now = "a computation over several metrics" if computed[1] else "one metric"
        both = f"it watches {now} from now on", f"they watch {now} from now on"
        for path in _WATCHED:
            yield path, both, Weight.NOTICE
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
        maybe = "perhaps " * is_looked_up([before, after])
        yield "AlarmActions", f"{maybe}somebody else is told", Weight.NOTICE


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
