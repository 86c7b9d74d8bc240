"""A task with a public address can be reached from the internet past the load balancer.

Only its security group then stands between the application and everybody. In private subnets the
address does nothing, except that it is wrong in a template that will be copied.

Leave ``AssignPublicIp`` at ``DISABLED`` and run the tasks in private subnets, which reach AWS
through a NAT gateway or VPC endpoints.

Source: AWS Security Hub, control ECS.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.tasks import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"


def _judge(service: Resource, _template: Template) -> Iterator[Fault]:
    if service.get(_PLACE) == "ENABLED":
        yield Fault(_PLACE, "every task gets a public address")


CHECK = Check(
    id="EB401",
    title="tasks have public addresses",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="set AssignPublicIp to DISABLED and run the tasks in private subnets",
    judge=_judge,
)
