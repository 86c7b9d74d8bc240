"""Tasks of a cluster: those of a service, of a family, whether they run or have stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.calls import asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws

_BATCH: Final = 100
"""How many tasks DescribeTasks takes at once."""


def list_tasks(
    aws: Aws, cluster: str, name: str, statuses: Sequence[str] = ("RUNNING",), **by: str
) -> list[Mapping[str, Any]]:
    """Every task of *cluster* with a desired status of *statuses*, as DescribeTasks tells it.

    *by* is the filter of ListTasks (``serviceName``, ``family``); *name* is what errors call it.

    Raises:
        DeployError: ECS did not answer.
    """
    client = aws.client("ecs")
    arns: list[str] = []
    for status in statuses:
        token: dict[str, str] = {}
        while True:
            page = asked(
                f"looking for tasks of {name}",
                client.list_tasks,
                cluster=cluster,
                desiredStatus=status,
                **by,
                **token,
            )
            arns += page.get("taskArns") or ()
            if not page.get("nextToken"):
                break
            token = {"nextToken": str(page["nextToken"])}
    found: list[Mapping[str, Any]] = []
    for first in range(0, len(arns), _BATCH):
        answer = asked(
            f"reading the tasks of {name}",
            client.describe_tasks,
            cluster=cluster,
            tasks=arns[first : first + _BATCH],
        )
        found += answer.get("tasks") or ()
    return found
