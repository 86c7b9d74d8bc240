"""Watch an operation until it is over: the stack's events, and what ECS does meanwhile.

That a call fails never says how the operation ends. Watching ends with a status that was seen, with
the time that was given, or because somebody wants it to.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, structs

from ecs_blocks.deploy.clock import minutes
from ecs_blocks.deploy.cloudformation.events import Event, Feed
from ecs_blocks.deploy.cloudformation.statuses import Result, is_over, row_of
from ecs_blocks.deploy.contact import Contact
from ecs_blocks.deploy.ecs.names import cluster_in
from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.progress import Resource, Service, Snapshot
from ecs_blocks.deploy.verification import cluster_in_stack
from ecs_blocks.errors import Terminated

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.aws import Aws

_ECS_SERVICE: Final = "AWS::ECS::Service"
_TASK_DEFINITION: Final = "AWS::ECS::TaskDefinition"


class End(enum.Enum):
    """Why watching ended."""

    OVER = "over"
    TIMEOUT = "the time is over"
    LOST = "AWS could not be reached"
    DENIED = "AWS does not let us look"
    TAKEN_OVER = "another operation began"
    DETACHED = "detached"
    TERMINATED = "terminated"


class Operation(Struct, frozen=True):
    """What is watched.

    ``token`` is what it was started with, None where that is not known; ``after`` the newest event
    from before it. ``planned`` is how many resources it changes, 0 where that is not known.
    ``task_definitions`` gives the logical id of each service's task definition. ``answer`` is the
    command for a person on whom a service waits.
    """

    stack_name: str
    stack_id: str
    kind: str
    token: str | None = None
    after: str = ""
    planned: int = 0
    task_definitions: Mapping[str, str] = {}
    answer: str = ""


class Patience(Struct, frozen=True):
    """How long to wait: for the whole, and for a sign of life. In seconds."""

    timeout_s: float = 3600.0
    lost_contact_s: float = 900.0


class Cancelled(Struct, frozen=True):
    """That this process ended the update that it watched: *why*, and what to do then.

    ``hint`` is for where nothing had failed before; empty where what failed says it.
    """

    why: str
    hint: str = ""


class Watched(Struct, frozen=True):
    """What was seen. ``status`` is the last one of the stack itself, in this operation.

    ``cancelled`` is None where the operation was left to itself.
    """

    end: End
    status: str
    events: tuple[Event, ...]
    services: tuple[Service, ...]
    elapsed_s: float
    note: str = ""
    cancelled: Cancelled | None = None


class Presenter(Protocol):
    """Who shows it."""

    def show(self, snapshot: Snapshot) -> None:
        """Show what is known now."""

    def say(self, text: str) -> None:
        """Say something that stays."""


class Watcher:
    """Looks at one operation again and again."""

    def __init__(self, aws: Aws, operation: Operation) -> None:
        self._aws = aws
        self._operation = operation
        self._feed = Feed(aws, operation.stack_id, operation.token, after=operation.after)
        self._services: dict[str, ServiceWatcher] = {}
        self._views: dict[str, Service] = {}
        self._began_s = aws.clock.now_s()
        self.events: list[Event] = []
        self.status = ""

    @property
    def elapsed_s(self) -> float:
        """For how long it has been watched."""
        return self._aws.clock.now_s() - self._began_s

    def look(self) -> bool:
        """Read what is new; whether anything was.

        Raises:
            DeployError: CloudFormation did not answer.
        """
        before = len(self.events)
        self.events = self._feed.read()
        stack = [event for event in self.events if event.is_of_stack]
        if stack:
            self.status = stack[-1].status
        self._look_at_services()
        return len(self.events) > before

    def is_over(self) -> bool:
        """Whether the stack has come to rest in this operation, or only cleans up after it."""
        return bool(self.status) and is_over(self.status)

    def taken_over(self) -> Event | None:
        """The event with which somebody else's operation began after this one."""
        token = self._operation.token
        if token is None or not any(event.token == token for event in self.events):
            return None
        seen = self._feed.all_seen()
        first = next(n for n, event in enumerate(seen) if event.token == token)
        later = (event for event in seen[first + 1 :] if event.begins and event.token != token)
        return next(later, None)

    def _look_at_services(self) -> None:
        definitions = self._operation.task_definitions
        targets = {
            event.logical_id: event.physical_id
            for event in self.events
            if event.type == _TASK_DEFINITION and event.status in _MADE and event.physical_id
        }
        for event in self.events:
            if event.type == _ECS_SERVICE and event.physical_id.startswith("arn:"):
                name = event.logical_id
                if name not in self._services and event.status in _MOVING:
                    arn = event.physical_id
                    cluster = cluster_in(arn) or cluster_in_stack(self._aws, event.stack_id, name)
                    target = targets.get(definitions.get(name, ""))
                    self._services[name] = ServiceWatcher(
                        self._aws, name, arn, target, cluster=cluster
                    )
        for name, watcher in self._services.items():
            view = watcher.look(at_once=self.is_over())
            if view.waiting_for and self._operation.answer:
                told = f"{view.waiting_for}; to answer: {self._operation.answer}"
                view = structs.replace(view, waiting_for=told)
            self._views[name] = view

    def services(self) -> tuple[Service, ...]:
        """The services as they were last seen."""
        return tuple(self._views.values())

    def snapshot(self, note: str = "") -> Snapshot:
        """All that is known now."""
        latest = {(e.path, e.logical_id): e for e in self.events if not e.is_of_stack}
        done = sum(e.status.endswith("_COMPLETE") for e in latest.values())
        return Snapshot(
            stack_name=self._operation.stack_name,
            operation=self._operation.kind,
            status=self.status,
            elapsed_s=self.elapsed_s,
            planned=self._operation.planned,
            done=done,
            resources=tuple(map(_resource, latest.values())),
            failed=tuple(
                _resource(e)
                for e in self.events
                if e.status.endswith("_FAILED")
                and latest.get((e.path, e.logical_id), e).event_id != e.event_id
            ),
            services=self.services(),
            note=note,
        )


def _resource(event: Event) -> Resource:
    return Resource(
        event.logical_id,
        event.type,
        event.status,
        event.reason or event.hook,
        event.physical_id,
        event.event_id,
        event.at,
        event.path,
    )


_MADE: Final = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
_MOVING: Final = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"})


def _nobody(_services: tuple[Service, ...]) -> None:
    """Nobody is asked at a pause."""


def _given_up(_snapshot: Snapshot) -> bool:
    """Nothing is done about an operation that takes too long."""
    return False


def watch(
    aws: Aws,
    operation: Operation,
    presenter: Presenter,
    patience: Patience,
    interrupted: Callable[[KeyboardInterrupt], bool],
    *,
    paused: Callable[[tuple[Service, ...]], object] = _nobody,
    overdue: Callable[[Snapshot], bool] = _given_up,
) -> Watched:
    """Watch until the operation is over, the time is, or somebody ends it.

    *interrupted* is asked what a Ctrl-C means: True ends the watching, False goes on. *paused* gets
    the services after each look, to answer for those that wait for a person. *overdue* is told what
    is known when the time is over: True gives the operation as much time again.

    Whatever AWS answers when it is asked how the operation is, that is not how it ends.
    """
    watcher, contact = Watcher(aws, operation), Contact(aws)
    while True:
        try:
            try:
                contact.heard(moved=watcher.look())
            except DeployError as error:
                if error.code == Exit.CREDENTIALS and contact.is_renewed:
                    return _watched(watcher, End.DENIED, error.message)
                if error.code == Exit.CREDENTIALS:
                    contact.renew()
                    continue
                contact.missed(error)
            presenter.show(watcher.snapshot(contact.note))
            paused(watcher.services())
            found = _end(watcher, contact, patience)
            if found and found[0] is End.TIMEOUT and overdue(watcher.snapshot()):
                more_s = watcher.elapsed_s + patience.timeout_s
                patience = structs.replace(patience, timeout_s=more_s)
            elif found is not None:
                return _watched(watcher, *found)
            aws.clock.sleep(contact.pause_s)
        except KeyboardInterrupt as stop:
            if interrupted(stop):
                end = End.TERMINATED if isinstance(stop, Terminated) else End.DETACHED
                return _watched(watcher, end, "")


def _end(watcher: Watcher, contact: Contact, patience: Patience) -> tuple[End, str] | None:
    if watcher.is_over():
        return End.OVER, ""
    other = watcher.taken_over()
    if other is not None:
        return End.TAKEN_OVER, f"{other.status} at {other.at}, token {other.token or 'none'}"
    if contact.silent_s > patience.lost_contact_s:
        return End.LOST, f"no answer for {contact.silent_s:.0f} s ({contact.why})"
    if watcher.elapsed_s > patience.timeout_s:
        return End.TIMEOUT, f"after {minutes(patience.timeout_s)}"
    return None


def _watched(watcher: Watcher, end: End, note: str) -> Watched:
    return Watched(
        end, watcher.status, tuple(watcher.events), watcher.services(), watcher.elapsed_s, note
    )


def result_of(watched: Watched) -> Result:
    """What the last status says of the operation."""
    return row_of(watched.status).result if watched.status else Result.RUNNING
