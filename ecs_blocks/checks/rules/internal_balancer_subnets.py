"""An internal load balancer in public subnets stands where only public things should.

It works, and takes the few addresses that public subnets have; and whoever looks for what can be
reached from the internet finds it there.

Give it the private subnets of the platform. Nothing is judged where the platform's subnets are not
known.

Source: Elastic Load Balancing, "Application Load Balancers", load balancer scheme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import GATEWAY, LOAD_BALANCER, is_internet_facing, kind_of
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.placement import is_public, subnets_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def _judge(balancer: Resource, template: Template) -> Iterator[Fault]:
    def subnet(one: tuple[str, Any]) -> Iterator[Fault]:
        place, value = one
        if is_public(place, value, template):
            yield Fault(place, f"{value} is public, and the load balancer is internal")

    if kind_of(balancer) != GATEWAY and not is_internet_facing(balancer):
        yield from each(subnets_of(balancer), subnet)


CHECK = Check(
    id="EB514",
    title="internal load balancer stands in public subnets",
    types=(LOAD_BALANCER,),
    severity=Severity.WARNING,
    fix="give it the private subnets of the platform",
    judge=_judge,
)
