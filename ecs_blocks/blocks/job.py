"""What the runners of a job have in common: what is run and where, and whether it ran at all."""

from __future__ import annotations

from typing import Any, Final

import awacs.ecs
import awacs.iam
from awacs.aws import ArnEquals, Condition, StringEquals
from msgspec import Struct

from ecs_blocks import policies
from ecs_blocks.blocks.addresses import Addresses
from ecs_blocks.blocks.alarms import Alarm, Calculation, Metric, Notify
from ecs_blocks.blocks.capacity import Capacity, Provider, check_capacity
from ecs_blocks.blocks.task import TaskHandle
from ecs_blocks.values import STACK_NAME, SubnetId, Value, arn, text

HOUR_S: Final = 3600


class Job(Struct, frozen=True, kw_only=True):
    """What is run, and where: all that a runner has to know."""

    cluster_name: Value[str]
    task: TaskHandle
    subnet_ids: Value[list[SubnetId]]
    security_group: Any
    capacity: Capacity
    addresses: Addresses

    def __post_init__(self) -> None:
        check_capacity(self.capacity, self.task)
        self.addresses.check(self.task.size)

    @property
    def cluster_arn(self) -> Value[str]:
        """The cluster, of this account and region."""
        return arn("ecs", text("cluster/", self.cluster_name))

    def strategy(self) -> tuple[Provider, ...]:
        """On what it runs; nothing where the cluster decides."""
        return self.capacity.strategy()

    def network(self) -> dict[str, Any]:
        """The properties of an ``AwsVpcConfiguration``."""
        return self.addresses.of_task(self.subnet_ids, self.security_group)

    def may_run(self) -> list[Any]:
        """The statements that let a role start the task, in this cluster and with its own roles."""
        here = Condition(ArnEquals({"ecs:cluster": self.cluster_arn}))
        # every revision: a start that is tried again during a deploy names the one before
        revisions = arn("ecs", text("task-definition/", STACK_NAME, ":*"))
        created = Condition(StringEquals({"ecs:CreateAction": "RunTask"}))
        passed = Condition(StringEquals({"iam:PassedToService": "ecs-tasks.amazonaws.com"}))
        roles = [self.task.execution_role_arn, self.task.role_arn]
        return [
            policies.allow([awacs.ecs.RunTask], [revisions], Condition=here),
            policies.allow(
                [awacs.ecs.TagResource],
                [arn("ecs", text("task/", self.cluster_name, "/*"))],
                Condition=created,
            ),
            policies.allow([awacs.iam.PassRole], roles, Condition=passed),
        ]


class Run(Struct, frozen=True, kw_only=True):
    """What a runner made: what the schedule starts, and the alarms that only it can have."""

    target: dict[str, Any]
    statements: list[Any]
    resources: tuple[Any, ...]
    alarms: tuple[Alarm, ...]


def missed_alarm(description: str, runs: Metric, notify: Notify, hours: Value[int]) -> Alarm:
    """The alarm of what did not happen; no data at all is just that."""
    return Alarm(
        suffix="Missed",
        description=description,
        watches=Calculation(
            expression="IF(FILL(runs, 0) < 1, 1, 0)",
            label="1 in an hour without a run",
            metrics={"runs": runs},
        ),
        above=0,
        notify=notify,
        minutes=hours,
        missing="breaching",
    )
