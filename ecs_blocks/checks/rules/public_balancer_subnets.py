"""A public load balancer in private subnets is one that nobody reaches.

It gets public addresses, but no route leads from them to its subnets: requests time out, while
every health check is fine.

Give it the public subnets of the platform, or make it ``internal``. Nothing is judged where the
platform's subnets are not known.

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
        if not is_public(place, value, template):
            yield Fault(place, f"{value} is private, and the load balancer is internet-facing")

    if kind_of(balancer) != GATEWAY and is_internet_facing(balancer):
        yield from each(subnets_of(balancer), subnet)


CHECK = Check(
    id="EB513",
    title="public load balancer stands in private subnets",
    types=(LOAD_BALANCER,),
    severity=Severity.ERROR,
    fix="give it the public subnets of the platform, or make it internal",
    judge=_judge,
)
