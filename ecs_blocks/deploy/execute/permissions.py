"""The IAM policy of whoever may use ``ecs-blocks exec``: rights that no deployer gets.

They let people into containers, as root and with the rights of the task's role.

Source: Service Authorization Reference, Amazon ECS (``ExecuteCommand`` needs a cluster and a task);
Amazon ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec" (the key).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.permissions import GRANTS, Grant, statement

if TYPE_CHECKING:
    from ecs_blocks.deploy.place import Place

_READS: Final = frozenset({"StackStates", "Services"})
"""What finds the container, of what every verb needs."""
EXEC: Final = (
    Grant(
        sid="ExecInClusters",
        service="ecs",
        actions=("ExecuteCommand",),
        purpose="the cluster of a task, which IAM asks for beside the task",
        resource="cluster/*",
    ),
    Grant(
        sid="ExecInTasks",
        service="ecs",
        actions=("ExecuteCommand",),
        purpose="a session with a container",
        resource="task/*",
    ),
    Grant(
        sid="ExecKeys",
        service="kms",
        actions=("GenerateDataKey",),
        purpose="the key under which a cluster encrypts sessions; whoever opens one needs it",
        resource="key/*",
    ),
)
"""What ``exec`` calls, and no other verb."""


def exec_policy(place: Place) -> dict[str, Any]:
    """The policy document for who may use ``ecs-blocks exec``, and nothing else, in *place*.

    It is for every container in the account and region. An ARN of a task names its cluster and not
    its stack: to narrow it, put a cluster's name in the place of ``*``, or add a condition on
    ``ecs:container-name`` or on a tag of the tasks (``ecs:ResourceTag/…``).
    """
    reads = [one for one in GRANTS if one.sid in _READS]
    return {
        "Version": "2012-10-17",
        "Statement": [statement(place, one) for one in (*reads, *EXEC)],
    }
