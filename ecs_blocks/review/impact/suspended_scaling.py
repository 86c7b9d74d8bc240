"""Whether a number may change by itself: Application Auto Scaling, suspended and resumed.

Source: Application Auto Scaling User Guide, "Suspend and resume scaling": what resumes looks at the
alarms that ring at that moment, and at schedules whose time is still to come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.tasks import SCALABLE_TARGET
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.guards import by_default
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.impact.reading import at, switched
from ecs_blocks.review.impact.service_facts import service_of
from ecs_blocks.review.model import Action, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

STATE: Final = "SuspendedState"
OUT: Final = f"{STATE}.DynamicScalingOutSuspended"
IN: Final = f"{STATE}.DynamicScalingInSuspended"
SWITCHES: Final = {
    OUT: ("it gets no {what} however busy it is", "it gets {what} at once where it is too busy"),
    IN: (
        "it loses no {what} however idle it is",
        "it loses {what} at once where it is idle",
    ),
    f"{STATE}.ScheduledScalingSuspended": (
        "no schedule counts",
        "schedules count from their next time on",
    ),
}
"""Paths of the three switches, each with what it means that it is on, and that it goes off."""


def suspensions(subject: Subject) -> Iterator[Finding]:
    """A finding for each scalable target that is suspended or resumed, or comes suspended."""
    for _, old, new in subject.modified(SCALABLE_TARGET):
        yield from _changed(subject, old, new)
    for change in subject.of_type(SCALABLE_TARGET, action=Action.ADD):
        added = subject.new(change)
        if added is not None and (on := suspended_in(added)):
            yield _suspended(subject, added, on, Weight.NOTICE)


def suspended_in(target: Resource | None) -> list[str]:
    """Which of the switches are on in a scalable *target*, as far as known."""
    return [one for one in SWITCHES if switched(target, one)]


def meaning(paths: Iterable[str], what: str = "tasks") -> str:
    """What it means that the switches at *paths* are on."""
    return listed(SWITCHES[one][0].format(what=what) for one in paths)


def resumption(paths: Iterable[str], what: str = "tasks") -> str:
    """What it means that the switches at *paths* go off."""
    return listed(SWITCHES[one][1].format(what=what) for one in paths)


def _changed(subject: Subject, old: Resource, new: Resource) -> Iterator[Finding]:
    states = {one: (switched(old, one), switched(new, one)) for one in SWITCHES}
    off = [one for one, (before, after) in states.items() if before is False and after]
    on = [one for one, (before, after) in states.items() if before and after is False]
    if off:
        # without scaling out nothing answers to load any more
        yield _suspended(subject, new, off, Weight.APPROVAL if OUT in off else Weight.NOTICE)
    if on:
        who, what = _called(subject, new)
        yield Finding(
            kind="scaling",
            weight=Weight.NOTICE,
            text=f"{who}: scaling is resumed: {resumption(on, what)}",
            covers=tuple((new.id, one) for one in on),
        )
    given = at(old, STATE), at(new, STATE)
    if set(states.values()) == {(False, False)} and None in given and given != (None, None):
        yield by_default(new, STATE)


def _suspended(subject: Subject, new: Resource, paths: list[str], weight: Weight) -> Finding:
    who, what = _called(subject, new)
    return Finding(
        kind="scaling",
        weight=weight,
        text=f"{who}: scaling is suspended: {meaning(paths, what)}",
        covers=tuple((new.id, one) for one in paths),
    )


def _called(subject: Subject, target: Resource) -> tuple[str, str]:
    """What is scaled, and in what: the service and its tasks, or whatever the target is of."""
    service = service_of(target, subject.after)
    return (target.id, "capacity") if service is None else (service.id, "tasks")
