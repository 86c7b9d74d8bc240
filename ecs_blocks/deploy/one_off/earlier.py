"""The tasks that steps had before, in this deploy or another, as far as ECS still knows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.ecs.listing import list_tasks
from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.one_off import containers

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

KEY: Final = "eb-step-"
"""What ``startedBy`` of a step's task begins with."""
_STARTED_BY: Final = re.compile(r"(?P<key>eb-step-[0-9a-f]{32})-(?P<attempt>[0-9]+)")
_TAKEN_AWAY: Final = frozenset({"SpotInterruption", "TerminationNotice", "InfrastructureHealth"})
"""Source: the API reference's Task, ``stopCode``."""
_NO_HOST: Final = "Host EC2"
"""What ``stoppedReason`` begins with where the instance was stopped or terminated."""


def was_taken_away(task: Mapping[str, Any]) -> bool:
    """Whether AWS took the machine from under a task: no end of its program's own."""
    reason = str(task.get("stoppedReason", ""))
    return task.get("stopCode") in _TAKEN_AWAY or reason.startswith(_NO_HOST)


class Earlier(Struct, frozen=True):
    """A task that was started for a step; ``attempt`` counts from 1."""

    task: Mapping[str, Any]
    attempt: int

    @property
    def arn(self) -> str:
        """The task's ARN."""
        return str(self.task["taskArn"])

    @property
    def task_id(self) -> str:
        """Its id."""
        return last(self.arn)

    @property
    def definition(self) -> str:
        """The ARN of its task definition."""
        return str(self.task["taskDefinitionArn"])

    def container(self, name: str) -> Mapping[str, Any] | None:
        """One of its containers."""
        return containers.in_task(self.task, name)

    def exit_code(self, name: str) -> int | None:
        """The code that a container ended with; None where it has not, or never ran."""
        return containers.exit_code(self.task, name)

    @property
    def overridden(self) -> str:
        """The container that it was started for: the one with a command of its own."""
        given = (self.task.get("overrides") or {}).get("containerOverrides") or ()
        first: Mapping[str, Any] = next(iter(given), {})
        return str(first.get("name", ""))

    @property
    def taken_away(self) -> bool:
        """Whether it lost its machine; then its exit code says nothing."""
        return was_taken_away(self.task)

    def has_ended(self, name: str) -> bool:
        """Whether the container is over."""
        return self.task.get("lastStatus") == "STOPPED" or self.exit_code(name) is not None


def tasks_of(aws: Aws, cluster: str, family: str) -> list[Mapping[str, Any]]:
    """Every task of a family.

    To ListTasks, ``startedBy`` has to be the only filter, and without one by status it tells no
    task that has stopped.

    Raises:
        DeployError: ECS did not answer.
    """
    return list_tasks(aws, cluster, family, ("RUNNING", "STOPPED"), family=family)


def latest(tasks: Sequence[Mapping[str, Any]], key: str) -> Earlier | None:
    """The last of *tasks* whose ``startedBy`` is *key* and the number of an attempt."""
    found: list[Earlier] = []
    for task in tasks:
        mine, _, attempt = str(task.get("startedBy", "")).rpartition("-")
        if mine == key and attempt.isdecimal():
            found.append(Earlier(task, int(attempt)))
    return max(found, key=lambda one: one.attempt, default=None)


def of_others(tasks: Sequence[Mapping[str, Any]], keys: Collection[str]) -> Earlier | None:
    """A task that a deploy whose steps have none of *keys* runs for a step of its own."""
    for task in tasks:
        found = _STARTED_BY.fullmatch(str(task.get("startedBy", "")))
        if found is None or found["key"] in keys:
            continue
        other = Earlier(task, int(found["attempt"]))
        if not other.has_ended(other.overridden):
            return other
    return None
