"""What is new, gathered by type; what has a sentence of its own is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.balancers import LISTENER_RULE
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.kinds import kind_of
from ecs_blocks.review.impact.phrases import count, listed
from ecs_blocks.review.model import Action, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.impact.subject import Subject

_TOLD_ELSEWHERE: Final = frozenset({SERVICE, "AWS::ECS::TaskDefinition"})
_FEW: Final = 3
_MANY_TYPES: Final = 12


def additions(subject: Subject) -> Iterator[Finding]:
    """One finding about all that is added."""
    added: dict[str, list[str]] = {}
    for change in subject.changes:
        is_told = change.type in _TOLD_ELSEWHERE
        is_told = is_told or (change.type == LISTENER_RULE and not subject.is_new)
        if change.action is Action.ADD and not is_told:
            added.setdefault(kind_of(change.type).noun, []).append(change.logical_id)
    if not added:
        return
    names = [one for found in added.values() for one in found]
    if len(names) <= _FEW:
        words = listed(f"the {noun} {listed(found)}" for noun, found in added.items())
    else:
        words = listed((count(len(found), noun) for noun, found in added.items()), _MANY_TYPES)
    # Of a new stack everything is new, and the names tell nothing more.
    is_long = len(names) > _FEW and not subject.is_new
    details = tuple(f"{noun}: {listed(found)}" for noun, found in added.items())
    yield Finding(
        kind="addition",
        weight=Weight.NOTICE,
        text=f"new: {words}",
        details=details if is_long else (),
        covers=tuple((name, "") for name in names),
    )
