"""The addresses of tasks: whether the internet has a way to them, and in which groups they are."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from ecs_blocks.blocks.security_group import group_id
from ecs_blocks.blocks.task_size import Ec2Size, TaskSize
from ecs_blocks.errors import BlockError
from ecs_blocks.values import SecurityGroupId, SubnetId, Value

MAX_GROUPS: Final = 5
"""Of one task, its own among them. Source: Amazon ECS API Reference, AwsVpcConfiguration."""


class Addresses(Struct, frozen=True, kw_only=True):
    """What belongs to the network interface of each task.

    Attributes:
        public: whether each task gets a public address. It is for tasks on Fargate in public
            subnets, where there is no NAT gateway: without the address they reach neither ECR nor
            CloudWatch. In private subnets it does nothing. What may connect is decided by the
            security group alone then, and a check warns (EB401).
        security_group_ids: groups beside the task's own, at most four: one that a database lets
            in, say. All rules of all groups count together, so that one of these may let in or out
            what the block does not name.

    Source: Amazon ECS API Reference, AwsVpcConfiguration.
    """

    public: bool = False
    security_group_ids: tuple[Value[SecurityGroupId], ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.security_group_ids, tuple):
            raise BlockError("security_group_ids is a tuple of ids, like (env.database_client_id,)")
        count = len(self.security_group_ids) + 1
        if count > MAX_GROUPS:
            raise BlockError(
                f"{count} security groups with the task's own; ECS takes {MAX_GROUPS} of a task"
            )

    def check(self, size: TaskSize) -> None:
        """Refuse a public address of a task on instances.

        Raises:
            BlockError: ECS gives it none.
        """
        if self.public and isinstance(size, Ec2Size):
            raise BlockError(
                "a task on instances gets no public address, only one on Fargate does; put it into "
                "private subnets with a NAT gateway"
            )

    def of_task(self, subnet_ids: Value[list[SubnetId]], group: Any) -> dict[str, Any]:
        """The properties of an ``AwsVpcConfiguration``; *group* is the task's own."""
        return {
            "AssignPublicIp": "ENABLED" if self.public else "DISABLED",
            "Subnets": subnet_ids,
            "SecurityGroups": [group_id(group), *self.security_group_ids],
        }
