"""The tasks that a step had before in the same deploy, as far as ECS still knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.ecs.names import last

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

_BATCH: Final = 100


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
        found = self.task.get("containers") or ()
        return next((one for one in found if one.get("name") == name), None)

    def exit_code(self, name: str) -> int | None:
        """The code that a container ended with; None where it has not, or never ran."""
        code = (self.container(name) or {}).get("exitCode")
        return None if code is None else int(code)

    def has_ended(self, name: str) -> bool:
        """Whether the container is over."""
        return self.task.get("lastStatus") == "STOPPED" or self.exit_code(name) is not None


def latest(aws: Aws, cluster: str, family: str, key: str) -> Earlier | None:
    """The last task whose ``startedBy`` is *key* and the number of an attempt.

    They are looked for by their family: to ListTasks, ``startedBy`` has to be the only filter, and
    without one by status it tells no task that has stopped.

    Raises:
        DeployError: ECS did not answer.
    """
    client = aws.client("ecs")
    arns: list[str] = []
    for status in ("RUNNING", "STOPPED"):
        token: dict[str, str] = {}
        while True:
            page = asked(
                f"looking for tasks of {family}",
                client.list_tasks,
                cluster=cluster,
                family=family,
                desiredStatus=status,
                **token,
            )
            arns += page.get("taskArns") or ()
            if not page.get("nextToken"):
                break
            token = {"nextToken": str(page["nextToken"])}
    found: list[Earlier] = []
    for first in range(0, len(arns), _BATCH):
        answer = asked(
            f"reading the tasks of {family}",
            client.describe_tasks,
            cluster=cluster,
            tasks=arns[first : first + _BATCH],
        )
        for task in answer.get("tasks") or ():
            mine, _, attempt = str(task.get("startedBy", "")).rpartition("-")
            if mine == key and attempt.isdecimal():
                found.append(Earlier(task, int(attempt)))
    return max(found, key=lambda one: one.attempt, default=None)
