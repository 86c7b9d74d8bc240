"""Policies of SAM's functions and state machines: the transform makes a role of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed, spoken
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.impact.subject import Subject

_TYPES: Final = ("AWS::Serverless::Function", "AWS::Serverless::StateMachine")
_POLICIES: Final = "Policies"


def serverless_policies(subject: Subject) -> Iterator[Finding]:
    """A finding for each whose policies change: what they become is not in the template."""
    for _, old, new in subject.modified(*_TYPES):
        before, after = at(old, _POLICIES), at(new, _POLICIES)
        if not differs(before, after):
            continue
        yield Finding(
            kind="permission",
            weight=Weight.APPROVAL if _grows(before, after) else Weight.NOTICE,
            text=f"{new.id}: what it may do changes: {_difference(before, after)}",
            details=("the SAM transform makes the role: what it allows is not looked up",),
            covers=((new.id, _POLICIES),),
        )


def _grows(before: Any, after: Any) -> bool:
    """Whether a policy is there that was not: only where some just go, nothing grows."""
    return is_intrinsic(before) or is_intrinsic(after) or bool(_beyond(after, before))


def _beyond(one: Any, other: Any) -> list[Any]:
    return [item for item in as_items(one) if item not in as_items(other)]


def _difference(before: Any, after: Any) -> str:
    gone = [_name(one) for one in _beyond(before, after)]
    new = [_name(one) for one in _beyond(after, before)]
    words = (("without", gone), ("with", new))
    return ", ".join(f"{word} {listed(found)}" for word, found in words if found) or "its policies"


def _name(policy: Any) -> str:
    """``DynamoDBCrudPolicy`` for a template of SAM's, the policy itself for any other."""
    if isinstance(policy, dict) and len(policy) == 1 and not is_intrinsic(policy):
        return str(next(iter(policy)))
    return spoken(policy)
