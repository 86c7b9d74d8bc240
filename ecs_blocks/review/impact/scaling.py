"""How many tasks there may be, and what makes them more or fewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.tasks import SCALABLE_TARGET, SERVICE
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import changed, count, figure
from ecs_blocks.review.impact.reading import at, differs, switched
from ecs_blocks.review.impact.service_facts import Tasks, service_of, target_of, tasks_of
from ecs_blocks.review.impact.suspended_scaling import IN, OUT
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_POLICY: Final = "AWS::ApplicationAutoScaling::ScalingPolicy"
_TRACKING: Final = "TargetTrackingScalingPolicyConfiguration"
_METRICS: Final = (
    f"{_TRACKING}.PredefinedMetricSpecification",
    f"{_TRACKING}.CustomizedMetricSpecification",
)
_SETTINGS: Final = {
    "TargetValue": ("target", ""),
    "ScaleOutCooldown": ("pause after scaling out", "s"),
    "ScaleInCooldown": ("pause after scaling in", "s"),
    "DisableScaleIn": ("scaling in disabled", ""),
}


def scalings(subject: Subject) -> Iterator[Finding]:
    """A finding for each service whose number of tasks, or its scaling, changes."""
    for service in subject.after.of_type(SERVICE):
        before = subject.before.resources.get(service.id)
        if before is not None and before.type == SERVICE:
            yield from _number(subject, before, service)
    for change, old, new in subject.modified(SCALABLE_TARGET):
        if service_of(new, subject.after) is None:
            yield from _target(old, new, change.logical_id)
    for _, old, new in subject.modified(_POLICY):
        yield from _policy(old, new)


def _number(subject: Subject, before: Resource, service: Resource) -> Iterator[Finding]:
    old, new = tasks_of(before, subject.before), tasks_of(service, subject.after)
    given = [at(one, "DesiredCount") for one in (before, service)]
    targets = [target_of(before, subject.before), target_of(service, subject.after)]
    covers = tuple(
        (one.id, key)
        for one in targets
        if one is not None
        for key in ("MinCapacity", "MaxCapacity")
    )
    covers = (*covers, (service.id, "DesiredCount"))
    if given[1] is not None and new.scaled and differs(*given):
        yield Finding(
            kind="scaling",
            weight=Weight.NOTICE,
            text=(
                f"{service.id}: DesiredCount {_figure_or(given[1])} is set although the service is "
                "scaled: this deploy sets the number back to it"
            ),
            covers=((service.id, "DesiredCount"),),
        )
    if old == new or new.fixed == 0:
        return  # ``rollout`` tells of a service that is stopped
    if new.scaled and not old.scaled:
        text = f"{service.id}: is scaled from now on, {_span(new)}"
    elif old.scaled and not new.scaled:
        text = f"{service.id}: is no longer scaled; {_span(new)}"
    elif old.low is None or new.low is None:
        text = f"{service.id}: the number of tasks changes: {_span(old)} → {_span(new)}"
    else:
        text = f"{service.id}: {_span(old)} → {_span(new)}{_effect(old, new, targets[1])}"
    yield Finding(kind="scaling", weight=Weight.NOTICE, text=text, covers=covers)


def _effect(old: Tasks, new: Tasks, target: Resource | None) -> str:
    """What happens at once to the tasks that run, and what may by *target*, if not suspended."""
    if old.low is None or old.high is None or new.low is None or new.high is None:
        return ""
    if not new.scaled or (old.fixed is not None and new.fixed is not None):
        return ""
    if new.fixed is not None:
        return "; that many run at once"
    effects = []
    if new.low > old.low:
        effects.append(f"fewer than {figure(new.low)} become {figure(new.low)} at once")
    if new.high < old.high:
        effects.append(f"more than {figure(new.high)} become {figure(new.high)} at once")
    if new.low < old.low:
        effects.append(f"it may scale in to {figure(new.low)}{_until(target, IN)}")
    if new.high > old.high:
        effects.append(f"it may scale out to {figure(new.high)}{_until(target, OUT)}")
    return f"; {', '.join(effects)}" if effects else ""


def _until(target: Resource | None, switch: str) -> str:
    return " once its scaling is resumed" if switched(target, switch) else ""


def _span(tasks: Tasks) -> str:
    if tasks.low is None or tasks.high is None:
        return "a number of tasks that the template does not say"
    if tasks.fixed is not None:
        return count(tasks.fixed, "task")
    return f"{figure(tasks.low)} to {figure(tasks.high)} tasks"


def _figure_or(value: Any) -> str:
    """A number as it is told, or any other value as it is written."""
    return figure(value) if isinstance(value, int | float) else str(value)


def _target(old: Resource, new: Resource, name: str) -> Iterator[Finding]:
    keys = [key for key in ("MinCapacity", "MaxCapacity") if differs(at(old, key), at(new, key))]
    if keys:
        words = ", ".join(f"{key} {changed(at(old, key), at(new, key))}" for key in keys)
        yield Finding(
            kind="scaling",
            weight=Weight.NOTICE,
            text=f"{name}: {words}",
            covers=tuple((name, key) for key in keys),
        )


def _policy(old: Resource, new: Resource) -> Iterator[Finding]:
    words: list[str] = []
    covers: list[tuple[str, str]] = []
    metrics = [{key for key in _METRICS if at(one, key) is not None} for one in (old, new)]
    if metrics[0] != metrics[1] and all(metrics):
        words.append("the metric is measured in another way")
        covers.extend((new.id, one) for one in _METRICS)
    for key, (noun, unit) in _SETTINGS.items():
        path = f"{_TRACKING}.{key}"
        before, after = at(old, path), at(new, path)
        if differs(before, after):
            words.append(f"{noun} {changed(before, after, unit)}")
            covers.append((new.id, path))
    if words:
        yield Finding(
            kind="scaling",
            weight=Weight.NOTICE,
            text=f"{new.id}: scaling by it changes: {', '.join(words)}",
            covers=tuple(covers),
        )
