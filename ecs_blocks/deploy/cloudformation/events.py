"""The events of one operation on a stack, and of the stacks nested in it.

CloudFormation keeps one list for all operations, newest first. What belongs to ours carries the
token that it was started with; where nobody gave one, an operation is all that came since the stack
itself last began to move. No event is chosen by a clock: the machine's may be wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from ecs_blocks.deploy.calls import asked, explained, is_absent_stack
from ecs_blocks.deploy.cloudformation.statuses import is_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.deploy.aws import Aws

STACK: Final = "AWS::CloudFormation::Stack"
_BEGINS: Final = frozenset(
    {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS"}
)
_LATE_READS: Final = 4
_LATE_S: Final = 2.0
_MAX_PAGES: Final = 60
"""Of 100 events each: more than an operation on 500 resources gives."""


class Event(Struct, frozen=True):
    """One event. ``at`` is AWS's time as text; ``path`` names the nested stacks on the way."""

    event_id: str
    stack_id: str
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str
    token: str
    at: str
    hook: str = ""
    path: tuple[str, ...] = ()
    hook_id: str = ""

    @property
    def is_of_stack(self) -> bool:
        """Whether it is about the stack itself, not about one of its resources."""
        return self.type == STACK and self.physical_id == self.stack_id

    @property
    def begins(self) -> bool:
        """Whether an operation began with it; to delete what could not be created is none."""
        undoes = self.status == "DELETE_IN_PROGRESS" and "failed to create" in self.reason
        return self.is_of_stack and self.status in _BEGINS and not undoes


class Feed:
    """The events of one stack, read again and again; each page once.

    ``token`` is the operation's, None for whatever runs or ran last. Events up to *after* are from
    before the operation.
    """

    def __init__(
        self,
        aws: Aws,
        stack_id: str,
        token: str | None,
        *,
        after: str = "",
        path: tuple[str, ...] = (),
    ) -> None:
        self._aws = aws
        self._stack_id = stack_id
        self._token = token
        self._after = after
        self._path = path
        self._events: list[Event] = []
        self._ids: set[str] = set()
        self._nested: dict[str, Feed] = {}

    def read(self) -> list[Event]:
        """All events of the operation so far, oldest first, those of nested stacks after theirs.

        Raises:
            DeployError: CloudFormation did not answer.
        """
        self._events += self._new()
        own = scoped(self._events, self._token)
        found = list(own)
        for event in own:
            if event.type == STACK and not event.is_of_stack and event.physical_id:
                nested = self._nested.get(event.physical_id)
                if nested is None:
                    path = (*self._path, event.logical_id)
                    nested = Feed(self._aws, event.physical_id, None, path=path)
                    self._nested[event.physical_id] = nested
        for stack_id, nested in self._nested.items():
            began = next(event.at for event in own if event.physical_id == stack_id)
            # a nested stack that this operation leaves alone shows its last one's events
            inner = [event for event in nested.read() if event.at >= began]
            found += [event for event in inner if not event.is_of_stack]
        return found

    def all_seen(self) -> list[Event]:
        """Every event that was read of this stack, of whichever operation."""
        return list(self._events)

    def _new(self) -> list[Event]:
        """What came since the last time, oldest first."""
        client = self._aws.client("cloudformation")
        found: list[Event] = []
        token: dict[str, str] = {}
        try:
            for _ in range(_MAX_PAGES):
                page = client.describe_stack_events(StackName=self._stack_id, **token)
                for item in page["StackEvents"]:
                    event = _event(item, self._path)
                    if event.event_id in self._ids or event.event_id == self._after:
                        return self._taken(found)
                    found.append(event)
                    if event.begins and self._token in (None, event.token):
                        return self._taken(found)
                if not page.get("NextToken"):
                    break
                token = {"NextToken": page["NextToken"]}
        except (BotoCoreError, ClientError) as error:
            if is_absent_stack(error) and self._path:
                return []  # a nested stack that is gone
            raise explained(error, f"reading the events of {self._stack_id}") from error
        return self._taken(found)

    def _taken(self, found: list[Event]) -> list[Event]:
        self._ids.update(event.event_id for event in found)
        return found[::-1]


def _event(item: Mapping[str, Any], path: tuple[str, ...]) -> Event:
    hook = ""
    if item.get("HookType"):
        hook = f"{item['HookType']} {item.get('HookStatus', '')}".strip()
    return Event(
        event_id=str(item["EventId"]),
        stack_id=str(item["StackId"]),
        logical_id=str(item.get("LogicalResourceId", "")),
        physical_id=str(item.get("PhysicalResourceId", "")),
        type=str(item.get("ResourceType", "")),
        status=str(item.get("ResourceStatus", "")),
        reason=str(item.get("ResourceStatusReason") or item.get("HookStatusReason") or ""),
        token=str(item.get("ClientRequestToken", "")),
        at=str(item.get("Timestamp", "")),
        hook=hook,
        path=path,
        hook_id=str(item.get("HookInvocationId", "")),
    )


def scoped(events: Iterable[Event], token: str | None) -> list[Event]:
    """Those of one operation, of *events* oldest first, up to the beginning of the next one.

    They need not all carry its token: going back after CancelUpdateStack carries the cancel's.
    Without a *token*, or where no event carries it (a stand-in of AWS), all since the last one that
    began an operation.
    """
    events = list(events)
    if token is not None:
        first = next((n for n, event in enumerate(events) if event.token == token), None)
        if first is not None:
            return events[first : _next_beginning(events, first, token)]
        if any(event.token for event in events):
            return []
    last = max((n for n, event in enumerate(events) if event.begins), default=0)
    return events[last:]


def _next_beginning(events: list[Event], first: int, token: str) -> int:
    later = range(first + 1, len(events))
    other = (n for n in later if events[n].begins and events[n].token != token)
    return next(other, len(events))


def newest(aws: Aws, stack_id: str) -> Event | None:
    """The newest event of a stack, None where it has none.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    try:
        page = aws.client("cloudformation").describe_stack_events(StackName=stack_id)
    except (BotoCoreError, ClientError) as error:
        if is_absent_stack(error):
            return None
        raise explained(error, f"reading the events of {stack_id}") from error
    found = page["StackEvents"]
    return _event(found[0], ()) if found else None


def running_token(aws: Aws, stack_id: str) -> str:
    """The token of the operation that runs; empty where it has none, or none is seen to run.

    Where the events say that the stack is at rest, they may be late: they are asked again.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    own = _moving(aws, stack_id)
    return own[0].token if own else ""


def undoing_token(aws: Aws, stack_id: str) -> str:
    """As ``running_token``, of going back or deleting, where that has a token of its own.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    own = _moving(aws, stack_id)
    return own[-1].token if own else ""


def _moving(aws: Aws, stack_id: str) -> list[Event]:
    """The stack's own events of the operation that runs; none where none is seen to run."""
    for _ in range(_LATE_READS):
        own = _of_stack(aws, stack_id)
        if own and not is_over(own[-1].status):
            return own
        aws.clock.sleep(_LATE_S)
    return []


def last_operation(aws: Aws, stack_id: str) -> tuple[str, bool]:
    """The token of the operation that began last, and whether it still moves.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    own = _of_stack(aws, stack_id)
    return (own[0].token, not is_over(own[-1].status)) if own else ("", False)


def status_before_deletion(aws: Aws, stack_id: str) -> str:
    """The status in which a stack was whose deletion runs; empty where no event tells it.

    Raises:
        DeployError: CloudFormation did not answer.
    """
    pages = aws.client("cloudformation").get_paginator("describe_stack_events")
    limits = {"MaxItems": _MAX_PAGES * 100}
    found = asked(
        f"reading the events of {stack_id}",
        pages.paginate(StackName=stack_id, PaginationConfig=limits).build_full_result,
    )
    events = (_event(item, ()) for item in found.get("StackEvents", ()))
    own = (event.status for event in events if event.is_of_stack)
    return next((status for status in own if status != "DELETE_IN_PROGRESS"), "")


def _of_stack(aws: Aws, stack_id: str) -> list[Event]:
    return [event for event in Feed(aws, stack_id, None).read() if event.is_of_stack]
