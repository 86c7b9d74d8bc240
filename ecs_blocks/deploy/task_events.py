"""Events of ECS about stopped tasks, as lines of a log group into which anybody may write.

EventBridge's event describes a task as DescribeTasks does, but for its times, which are text. What
has not the form of one is no event, whoever wrote it, and is left out.
Source: Amazon ECS Developer Guide, "Amazon ECS task state change events".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct, field

_TASK: Final = "ECS Task State Change"
_EARLIEST: Final = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
"""In this year ECS came to be used; an earlier time is none of its."""
_CLOCKS: Final = dt.timedelta(days=1)
"""So much later than AWS's time of day a time may be."""
_ECS: Final = r"\Aarn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:"
_HEX: Final = "[0-9a-f]"
_ID: Final = rf"(?:{_HEX}{{32}}|{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}})"

_TaskArn = Annotated[str, Meta(pattern=rf"{_ECS}task/(?:[\w-]{{1,255}}/)?{_ID}\Z")]
_ClusterArn = Annotated[str, Meta(pattern=rf"{_ECS}cluster/[a-zA-Z0-9_-]{{1,255}}\Z")]
_DefinitionArn = Annotated[
    str, Meta(pattern=rf"{_ECS}task-definition/[a-zA-Z0-9_-]{{1,255}}:[0-9]{{1,9}}\Z")
]
_Count = Annotated[int, Meta(ge=0, le=2**53)]
_ExitCode = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]


class _Said(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What is not said, or null, is left out of what is made of it again."""


class _Container(_Said, frozen=True):
    name: str
    exit_code: _ExitCode | None = None
    reason: str | None = None
    health_status: str | None = None
    image: str | None = None
    runtime_id: str | None = None


class _Detail(_Said, frozen=True):
    name: str | None = None
    value: str | None = None


class _Attachment(_Said, frozen=True):
    details: tuple[_Detail, ...] = ()


class _Task(_Said, frozen=True):
    task_arn: _TaskArn
    cluster_arn: _ClusterArn
    task_definition_arn: _DefinitionArn
    group: str
    last_status: str
    version: _Count
    stop_code: str | None = None
    stopped_reason: str | None = None
    memory: str | None = None
    containers: tuple[_Container, ...] = ()
    attachments: tuple[_Attachment, ...] = ()
    started_at: dt.datetime | None = None
    execution_stopped_at: dt.datetime | None = None
    stopping_at: dt.datetime | None = None
    stopped_at: dt.datetime | None = None


class _Envelope(Struct, frozen=True):
    kind: str = field(name="detail-type")
    time: dt.datetime
    detail: msgspec.Raw


class StoppedEvent(Struct, frozen=True):
    """That a task has stopped ``at`` a time of AWS's clock.

    The higher ``version`` is the later word on the same task, which is what DescribeTasks would
    say.
    """

    at: dt.datetime
    arn: str
    cluster_arn: str
    group: str
    version: int
    task: Mapping[str, Any]


class NoEventError(ValueError):
    """A line that ECS did not write."""


def stopped_event(line: str, now: dt.datetime) -> StoppedEvent | None:
    """The event of a *line*; None for another of ECS than that a task has stopped.

    Times without a zone are UTC.

    Raises:
        NoEventError: it is none, or one of a time that cannot be, as AWS's is *now*.
    """
    try:
        envelope = msgspec.json.decode(line, type=_Envelope)
        if envelope.kind != _TASK:
            return None
        said = msgspec.json.decode(envelope.detail, type=_Task)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError) as error:
        raise NoEventError from error
    if said.last_status != "STOPPED":
        return None
    task: dict[str, Any] = msgspec.to_builtins(said, builtin_types=(dt.datetime,))
    task |= {key: _utc(at, now) for key, at in task.items() if isinstance(at, dt.datetime)}
    return StoppedEvent(
        at=task.get("stoppedAt") or _utc(envelope.time, now),
        arn=said.task_arn,
        cluster_arn=said.cluster_arn,
        group=said.group,
        version=said.version,
        task=task,
    )


def _utc(at: dt.datetime, now: dt.datetime) -> dt.datetime:
    zoned = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    if not _EARLIEST <= zoned <= now + _CLOCKS:
        raise NoEventError
    return zoned.astimezone(dt.UTC)
