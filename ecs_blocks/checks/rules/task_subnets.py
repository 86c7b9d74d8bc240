"""A task needs a way out: a public address in a public subnet, or a NAT behind a private one.

A public subnet has no NAT. A task in it without a public address reaches neither ECR nor CloudWatch
Logs (unless VPC endpoints lead there) and stops with "CannotPullContainerError". A public address
in a private subnet does nothing, because no route leads to it.

Put the tasks into the platform's private subnets and leave ``AssignPublicIp`` at ``DISABLED``.
Nothing is judged where the platform's subnets are not known.

Source: Amazon ECS Developer Guide, "Best practices for connecting Amazon ECS to AWS services from
inside your VPC".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each, parts, whole
from ecs_blocks.checks.views.placement import is_public
from ecs_blocks.checks.views.tasks import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator

_NETWORK: Final = "NetworkConfiguration.AwsvpcConfiguration"


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    def subnet(one: Part) -> Iterator[Fault]:
        public = is_public(one.path, one.value, template)
        addressed = whole(service).get(f"{_NETWORK}.AssignPublicIp", "DISABLED") == "ENABLED"
        if public and not addressed:
            yield Fault(one.path, f"{one.value} is public, and tasks there have no way out")
        if addressed and not public:
            yield Fault(one.path, f"{one.value} is private, and public addresses do nothing there")

    yield from each(parts(service, f"{_NETWORK}.Subnets"), subnet)


CHECK = Check(
    id="EB415",
    title="tasks stand in the wrong kind of subnet",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="use the private subnets of the platform with AssignPublicIp DISABLED",
    judge=_judge,
)
