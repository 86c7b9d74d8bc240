"""The log lines of a stack's services, of all their tasks in the order of time, read on for ever.

What is new is found by looking again at the last half minute and leaving out what has been seen:
lines arrive late, and not in the order in which they were written.
"""

from __future__ import annotations

import datetime as dt
import heapq
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.calls import ERRORS, asked, code_of, explained, is_passing
from ecs_blocks.deploy.ecs import logs
from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off import containers
from ecs_blocks.deploy.one_off.revision import family_of
from ecs_blocks.deploy.one_off.service import (
    Service,
    read_definition,
    read_service,
    services_of,
)
from ecs_blocks.deploy.one_off.service import chosen as chosen_service
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack

OVERLAP_MS: Final = 30_000
POLL_S: Final = 2.0
_ID_LENGTHS: Final = (32, 36)
"""Only by a whole id does DescribeTasks find a task."""


class Wanted(Struct, frozen=True):
    """Whose lines; None is of all.

    ``service`` is a logical id, ``task`` an id, or how it begins, or an ARN.
    """

    service: str | None = None
    container: str | None = None
    task: str | None = None


class Source(Struct, frozen=True):
    """The streams of one container: all of ``group`` whose names begin with ``prefix``."""

    service: str
    container: str
    group: str
    prefix: str


class Line(Struct, frozen=True):
    """One line. ``at_ms`` is when it was written, in milliseconds since 1970."""

    at_ms: int
    service: str
    container: str
    task_id: str
    text: str
    key: str


class Found(Struct, frozen=True):
    """Where lines are, notes on those that cannot be read here, and AWS's time of day."""

    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    now: dt.datetime


def find(aws: Aws, stack: Stack, wanted: Wanted) -> Found:
    """Where the lines are, by the task definitions that run.

    Raises:
        DeployError: there is no such service or container, or AWS did not answer.
    """
    arns = services_of(aws, stack.stack_id)
    if wanted.service is not None or not arns:
        name = chosen_service(arns, wanted.service, stack.name)
        arns = {name: arns[name]}
    services = [read_service(aws, stack.stack_id, name, arn) for name, arn in sorted(arns.items())]
    known = [name for one in services for name in containers.names(one.definition)]
    if wanted.container is not None and wanted.container not in known:
        way = nearest(wanted.container, known) or f"; there are: {', '.join(known)}"
        message = f"{stack.name} has no container {wanted.container}{way}"
        raise DeployError(Exit.INPUT, message)
    read = {one.logical_id: one.definition for one in services}
    if wanted.task is not None:
        task = _task(aws, services, wanted.task)
        if task is not None:
            definition = read_definition(aws, str(task["taskDefinitionArn"]))
            read = {_owner(services, definition).logical_id: definition}
    found = [
        _source(aws, service, name, definition, wanted.task)
        for service, definition in read.items()
        for name in containers.names(definition)
        if wanted.container in (None, name)
    ]
    sources = tuple(one for one in found if isinstance(one, Source))
    notes = dict.fromkeys(one for one in found if isinstance(one, str))
    return Found(sources, tuple(notes), services[0].read_at)


class Tail:
    """Reads the lines of *sources* from *since_ms* on, and at each further look what is new."""

    def __init__(self, aws: Aws, sources: tuple[Source, ...], since_ms: int | None) -> None:
        self._aws = aws
        self._sources = sources
        self._from_ms = since_ms
        self._newest_ms = 0
        self._seen: dict[str, int] = {}
        self.missing: set[str] = set()
        """Log groups that do not exist."""

    def look(self) -> Iterator[Line]:
        """The lines that were not seen yet, of all sources in the order of time.

        Raises:
            DeployError: CloudWatch Logs refuses, or did not answer; what has been given is seen.
        """
        start_ms = self._from_ms
        if self._newest_ms:
            start_ms = max(start_ms or 0, self._newest_ms - OVERLAP_MS)
            self._seen = {key: at for key, at in self._seen.items() if at >= (start_ms or 0)}
        pages = [self._lines(one, start_ms) for one in self._sources]
        for line in heapq.merge(*pages, key=lambda one: one.at_ms):
            if line.key not in self._seen:
                self._seen[line.key] = line.at_ms
                self._newest_ms = max(self._newest_ms, line.at_ms)
                yield line

    def _lines(self, source: Source, start_ms: int | None) -> Iterator[Line]:
        since = {} if start_ms is None else {"startTime": start_ms}
        more = {"logStreamNamePrefix": source.prefix, **since}
        try:
            for page in logs.filtered(self._aws, source.group, **more):
                yield from (_line(source, event) for event in page.get("events") or ())
        except ERRORS as error:
            if code_of(error) != "ResourceNotFoundException":
                raise explained(error, f"reading the log {source.group}") from error
            self.missing.add(source.group)


def follow(aws: Aws, tail: Tail, show: Callable[[Line], None], say: Callable[[str], None]) -> None:
    """Show what is there, and then what comes, until somebody ends it (KeyboardInterrupt).

    Raises:
        DeployError: the credentials are over, or CloudWatch Logs refuses.
    """
    is_renewed = is_silent = False
    while True:
        try:
            for line in tail.look():
                show(line)
            is_renewed = is_silent = False
        except DeployError as error:
            cause = error.__cause__
            if error.code == Exit.CREDENTIALS and not is_renewed:
                is_renewed = True
                aws.renew()
                continue
            if not isinstance(cause, Exception) or not is_passing(cause):
                raise
            if not is_silent:
                is_silent = True
                say("CloudWatch Logs does not answer; trying again")
        aws.clock.sleep(POLL_S)


def _line(source: Source, event: Mapping[str, Any]) -> Line:
    stream, at_ms = str(event.get("logStreamName", "")), int(event.get("timestamp", 0))
    text = str(event.get("message", ""))
    key = str(event.get("eventId") or f"{stream} {at_ms} {event.get('ingestionTime')} {text}")
    return Line(at_ms, source.service, source.container, last(stream), text, key)


def _source(
    aws: Aws, service: str, name: str, definition: Mapping[str, Any], task: str | None
) -> Source | str:
    """The streams of a container, or a note on why they cannot be read here."""
    of_all = {"taskArn": f"/{_id_of(task)}"}
    where = logs.source(of_all, {"name": name}, definition)
    if isinstance(where, str):
        return where
    if where.region and where.region != aws.region:
        return f"the log of {name} is in {where.region}: {where.group}, streams {where.stream}…"
    return Source(service, name, where.group, where.stream)


def _id_of(task: str | None) -> str:
    """A task's id, of its ARN or as it is; empty for all tasks."""
    return task.rpartition("/")[2] if task else ""


def _task(aws: Aws, services: Sequence[Service], wanted: str) -> Mapping[str, Any] | None:
    """The task, if ECS still knows it: its definition may be another than the service's."""
    task_id = _id_of(wanted)
    if len(task_id) not in _ID_LENGTHS:
        return None
    for cluster in dict.fromkeys(one.cluster for one in services):
        answer = asked(
            f"reading the task {task_id}",
            aws.client("ecs").describe_tasks,
            cluster=cluster,
            tasks=[task_id],
        )
        for found in answer.get("tasks") or ():
            task: Mapping[str, Any] = found
            return task
    return None


def _owner(services: Sequence[Service], definition: Mapping[str, Any]) -> Service:
    """The service in whose settings a task runs: their families begin alike."""
    family = str(definition.get("family", ""))
    for one in services:
        if family in (one.definition.get("family"), family_of(one.definition)):
            return one
    return services[0]
