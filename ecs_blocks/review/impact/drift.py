"""What was changed by hand since the last deploy, where this deploy meets it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.review.difference.secret import hides, shown
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import changed, count, listed
from ecs_blocks.review.impact.subject import real
from ecs_blocks.review.model import Action, Weight
from ecs_blocks.review.side import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.live import Drifted, DriftedProperty
    from ecs_blocks.review.model import ResourceChange

_MANY_LEFT: Final = 12
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


def drifts(subject: Subject) -> Iterator[Finding]:
    """A finding for each resource that was changed by hand and that this deploy touches.

    What it does not touch is told together.
    """
    drift = subject.pair.live.drift if subject.pair.live is not None else None
    left: list[Drifted] = []
    for one in drift.resources if drift is not None else ():
        change = subject.by_id.get(one.logical_id)
        if one.is_deleted:
            yield _deleted(one, change)
        elif change is None:
            left.append(one)
        elif change.action is not Action.ADD:
            yield from _changed(subject, one, change)
    if left:
        yield _left(subject, left)


def drift_facts(subject: Subject) -> Iterator[str]:
    """When drift was last looked for."""
    drift = subject.pair.live.drift if subject.pair.live is not None else None
    if drift is not None:
        found = "what stands above" if drift.resources else "none"
        yield f"the last drift detection, {ago(drift.age_s)}, found {found}"


def drift_unknowns(subject: Subject) -> Iterator[str]:
    """The resources that drift detection did not look at: their types, or they, are new to it."""
    drift = subject.pair.live.drift if subject.pair.live is not None else None
    if drift is None or not drift.looked_at:
        return
    left = [
        f"{name} ({one.type})"
        for name, one in subject.before.resources.items()
        if name not in drift.looked_at
    ]
    if left:
        yield (
            f"whether somebody changed {listed(left, _MANY_LEFT)} by hand: drift detection did not "
            f"look at {'it' if len(left) == 1 else 'them'} (its type may not support that)"
        )


def ago(seconds: float) -> str:
    """``3 h ago``, ``just now``."""
    for size, word in ((_DAY_S, "day"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{count(number, 'day') if word == 'day' else f'{number} {word}'} ago"
    return "just now"


def _deleted(one: Drifted, change: ResourceChange | None) -> Finding:
    if change is None:
        what = "this deploy does not make it again"
    elif change.action is Action.REMOVE:
        what = "it leaves the stack now"
    else:
        what = "this deploy changes it, and fails"
    fails = change is not None and change.action is Action.MODIFY
    return Finding(
        kind="blocked" if fails else "running",
        weight=Weight.APPROVAL if fails else Weight.NOTICE,
        text=f"{one.logical_id} was deleted outside of the stack: {what}",
        about=(one.logical_id,),
    )


def _left(subject: Subject, those: Sequence[Drifted]) -> Finding:
    """What was changed by hand in resources of which this deploy changes nothing."""
    names = tuple(one.logical_id for one in those)
    was, it = ("was", "it") if len(names) == 1 else ("were", "them")
    return Finding(
        kind="running",
        weight=Weight.NOTICE,
        text=f"{listed(names)} {was} changed by hand, and this deploy leaves {it} so",
        details=tuple(
            f"{'' if len(names) == 1 else f'{one.logical_id}.'}{_told(each, properties)}"
            for one in those
            for properties in (_properties(subject, one),)
            for each in one.properties
        ),
        about=names,
    )


def _properties(subject: Subject, one: Drifted) -> Mapping[str, Any]:
    body = subject.before.resources.get(one.logical_id)
    return body.properties if body is not None else {}


def _changed(subject: Subject, one: Drifted, change: ResourceChange) -> Iterator[Finding]:
    overwritten: list[DriftedProperty] = []
    others: list[DriftedProperty] = []
    properties = _properties(subject, one)
    touched = {_top(each.path) for each in real(change)}
    for each in one.properties:
        (overwritten if _top(each.path) in touched else others).append(each)
    if overwritten:
        yield Finding(
            kind="running",
            weight=Weight.NOTICE,
            text=f"{one.logical_id} was changed by hand, and this deploy overwrites it",
            details=tuple(_told(each, properties) for each in overwritten),
            about=(one.logical_id,),
        )
    if others:
        yield Finding(
            kind="running",
            weight=Weight.NOTICE,
            text=(
                f"{one.logical_id} was changed by hand in what this deploy does not touch: "
                "it stays, unless the resource is replaced"
            ),
            details=tuple(_told(each, properties) for each in others),
            about=(one.logical_id,),
        )


def _told(one: DriftedProperty, properties: Mapping[str, Any]) -> str:
    """A property, its values hidden where they may be those of a secret."""
    name = one.path.rpartition(".")[2]
    top = _top(one.path)
    holds = json.dumps(properties.get(top), default=str)
    if "Environment" in one.path or HIDDEN in holds or hides(properties.get(top), top):
        return f"{one.path}: its value is hidden"
    before, after = (shown(value, name, ()) for value in (one.expected, one.actual))
    return f"{one.path}: {changed(before, after)}"


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
