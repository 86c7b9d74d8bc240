"""The tasks of a stack that stopped: of what they were, how they ended, and why.

ECS itself forgets a stopped task after an hour; ``task_history`` reads what its cluster kept.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ecs_blocks.deploy.ecs.failures import key_of
from ecs_blocks.deploy.progress import FailedTask
from ecs_blocks.naming import TASK_HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterable


class Kind(enum.StrEnum):
    """What a task was started for."""

    SERVICE = "service"
    JOB = "taskDefinition"
    STEP = "stepOf"


class Owner(Struct, frozen=True):
    """What a task is of: ``logical_id`` is a service's or a task definition's."""

    kind: Kind
    logical_id: str

    def __str__(self) -> str:
        return f"step of {self.logical_id}" if self.kind is Kind.STEP else self.logical_id


class End(enum.StrEnum):
    """How a task ended: not needed where there were fewer to run, or a new version."""

    FAILED = "failed"
    WELL = "ended well"
    UNNEEDED = "not needed"


class StoppedTask(Struct, frozen=True):
    """A task that stopped ``at`` a time of AWS's clock.

    ``revision`` is ``hoge:42``. ``reason`` is ECS's, at most 400 characters, without credentials.
    """

    at: dt.datetime
    of: Owner
    revision: str
    code: str
    reason: str
    task: FailedTask
    end: End


class Kept(Struct, frozen=True):
    """A log group with a history; of what was before it ``begins`` nothing is known."""

    name: str
    begins: dt.datetime

    @property
    def cluster(self) -> str:
        """The cluster's name."""
        return self.name.removeprefix(TASK_HISTORY[0]).removesuffix(TASK_HISTORY[1])


class History(Struct, frozen=True):
    """The tasks that stopped since a time, oldest first, and the log groups that told of them.

    ``left_out`` lines of them are no events; ``notes`` say of which groups nothing is known.
    """

    since: dt.datetime
    groups: tuple[Kept, ...]
    tasks: tuple[StoppedTask, ...]
    left_out: int = 0
    notes: tuple[str, ...] = ()


def alike(tasks: Iterable[StoppedTask]) -> list[StoppedTask]:
    """The last of those that stopped for one reason, which says how many more there were."""
    found: dict[object, StoppedTask] = {}
    for one in tasks:
        key = (one.of, one.revision, key_of(one.task))
        same = found.pop(key).task.same + 1 if key in found else 0
        found[key] = structs.replace(one, task=structs.replace(one.task, same=same))
    return list(found.values())
