"""The last lines that a container wrote, while they are still there to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.calls import ERRORS, code_of, is_denied
from ecs_blocks.deploy.ecs import facts
from ecs_blocks.deploy.ecs.names import last, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws

LINES: Final = 30
_PAGES: Final = 3
"""GetLogEvents may give an empty page although there are lines before it."""


class Source(Struct, frozen=True):
    """Where a container's lines are: a stream of CloudWatch Logs."""

    group: str
    stream: str
    region: str


class Tail(Struct, frozen=True):
    """The last lines; ``note`` says why there are none. ``is_final``: asking again is no use."""

    lines: tuple[str, ...] = ()
    note: str = ""
    is_final: bool = True


def source(
    task: Mapping[str, Any], container: Mapping[str, Any], definition: Mapping[str, Any] | None
) -> Source | str:
    """Where the lines of *container* are, or a note on why they cannot be read.

    *definition* is that of the task itself: after a rollback the service has another one.
    """
    if definition is None:
        return "no log lines: the task definition cannot be read"
    name = str(container.get("name", ""))
    wanted = facts.container(definition, name).get("logConfiguration")
    if not wanted:
        return f"no log lines: {name} has no log configuration"
    driver = str(wanted.get("logDriver", ""))
    if driver != "awslogs":
        return f"the log of {name} goes through {driver}: look where that sends it"
    options = wanted.get("options") or {}
    prefix = options.get("awslogs-stream-prefix")
    task_id = last(str(task.get("taskArn", "")))
    stream = f"{prefix}/{name}/{task_id}" if prefix else str(container.get("runtimeId", ""))
    if not stream or not options.get("awslogs-group"):
        return f"no log lines: the log configuration of {name} names no group or stream"
    return Source(str(options["awslogs-group"]), stream, str(options.get("awslogs-region", "")))


def tail(
    aws: Aws,
    task: Mapping[str, Any],
    container: Mapping[str, Any] | None,
    definition: Mapping[str, Any] | None,
) -> Tail:
    """The last lines of *container*; never raises because of AWS."""
    if container is None or (container.get("exitCode") is None and not task.get("startedAt")):
        return Tail()  # it never ran: there is nothing to read, and nothing to explain
    where = source(task, container, definition)
    if isinstance(where, str):
        return Tail(note=where)
    if where.region and where.region != aws.region:
        return Tail(note=f"the log is in {where.region}: {where.group}, stream {where.stream}")
    try:
        lines = _read(aws, where)
    except ERRORS as error:
        if is_denied(error):
            return Tail(note="no log lines: permission logs:GetLogEvents is missing")
        if code_of(error) == "ResourceNotFoundException":
            note = f"no log lines: {where.group} has no stream {where.stream}"
            return Tail(note=note, is_final=False)
        return Tail(note="no log lines: CloudWatch Logs did not answer", is_final=False)
    note = "" if lines else "no log lines: the container wrote none"
    return Tail(lines, note, is_final=bool(lines))


def filtered(aws: Aws, group: str, **more: Any) -> Iterator[Mapping[str, Any]]:
    """The answers of FilterLogEvents for a log group, one page after the other.

    *more* is what else it takes (``startTime``, ``filterPattern``). A page may be empty although
    others follow. Source: Amazon CloudWatch Logs API Reference, FilterLogEvents.

    Raises:
        ClientError: or another of ERRORS: the group has gone, may not be read, or AWS did not
            answer.
    """
    token: dict[str, str] = {}
    while True:
        answer = aws.client("logs").filter_log_events(logGroupName=group, **more, **token)
        yield answer
        after = answer.get("nextToken")
        if not after or after == token.get("nextToken"):
            return
        token = {"nextToken": str(after)}


def _read(aws: Aws, where: Source) -> tuple[str, ...]:
    client = aws.client("logs")
    token: dict[str, str] = {}
    for _ in range(_PAGES):
        answer = client.get_log_events(
            logGroupName=where.group,
            logStreamName=where.stream,
            limit=LINES,
            startFromHead=False,
            **token,
        )
        found = [printable(str(one.get("message", ""))) for one in answer.get("events", ())]
        before = answer.get("nextBackwardToken")
        if found or not before or before == token.get("nextToken"):
            return tuple(found[-LINES:])
        token = {"nextToken": str(before)}
    return ()
