"""Why an operation failed: the first thing that went wrong, not the last that followed from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.events import STACK, Event, Feed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ecs_blocks.deploy.aws import Aws

_CANCELLED: Final = re.compile(
    r"^Resource (?:creation|update|deletion|import) (?:was )?cancell?ed|cancell?ed by user",
    re.IGNORECASE,
)
_FROM_A_CHILD: Final = re.compile(
    r"Embedded stack|The following resource\(s\) failed|nested stack", re.IGNORECASE
)


class Cause(Struct, frozen=True):
    """The first failure, what failed besides on its own, and what a clean-up left behind."""

    first: Event | None
    also: tuple[Event, ...]
    left_behind: tuple[Event, ...]


def cause_of(events: Iterable[Event]) -> Cause:
    """Find the cause among the events of one operation, oldest first.

    What was cancelled because something else failed is no cause, nor is a stack that reports its
    resource's failure. In the clean-up after a success, what cannot be deleted is left behind.
    """
    events = sorted(events, key=lambda event: event.at)
    failed = [
        event
        for event in events
        if event.status.endswith("_FAILED")
        and not event.is_of_stack
        and not is_cancelled(event.reason)
    ]
    inner = {event.path for event in failed}
    failed = [event for event in failed if not _reports_a_child(event, inner)]
    left = tuple(event for event in failed if event.status == "DELETE_FAILED")
    own = [event for event in failed if event.status != "DELETE_FAILED"]
    if not own:
        stack = [e for e in events if e.is_of_stack and e.status.endswith("_FAILED") and e.reason]
        first = left[0] if left and stack else (stack[0] if stack else None)
        return Cause(first, (), left)
    seen: dict[tuple[tuple[str, ...], str], Event] = {}
    for event in own:
        seen.setdefault((event.path, event.logical_id), event)
    first, *also = seen.values()
    return Cause(first, tuple(also), left)


def is_cancelled(reason: str) -> bool:
    """Whether a resource failed only because something else had, or because somebody cancelled."""
    return bool(_CANCELLED.search(reason))


def _reports_a_child(event: Event, paths: set[tuple[str, ...]]) -> bool:
    if event.type != STACK:
        return False
    return (*event.path, event.logical_id) in paths or bool(_FROM_A_CHILD.search(event.reason))


def sentence(event: Event) -> str:
    """A failure in one line: ``Service: CREATE_FAILED: the reason in AWS's words``."""
    place = "/".join((*event.path, event.logical_id))
    reason = " ".join(event.reason.split()) or "AWS gives no reason"
    return f"{place}: {event.status}: {reason}"


def causes_of(aws: Aws, stack_id: str) -> tuple[str, ...]:
    """Why the last operation on a stack failed, a line for each cause, the first one first.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    cause = cause_of(Feed(aws, stack_id, None).read())
    return tuple(sentence(one) for one in (cause.first, *cause.also) if one is not None)
