"""An Application Load Balancer needs subnets in at least two Availability Zones.

With fewer it is refused, as it is with both ``Subnets`` and ``SubnetMappings``. (The exception is
AWS Outposts and Local Zones, which are not told from the template.)

Source: Elastic Load Balancing API Reference, CreateLoadBalancer (Subnets).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import APPLICATION, LOAD_BALANCER, kind_of
from ecs_blocks.checks.views.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(balancer: Resource, _template: Template) -> Iterator[Fault]:
    if kind_of(balancer) != APPLICATION:
        return
    subnets = [one.value for one in parts(balancer, "Subnets")]
    mappings = [one.raw("SubnetId") for one in parts(balancer, "SubnetMappings")]
    if subnets and mappings:
        yield Fault("SubnetMappings", "Subnets and SubnetMappings exclude each other")
        return
    given = subnets or mappings
    different = {repr(one) for one in given}
    if len(different) < 2:
        place = "SubnetMappings" if mappings else "Subnets"
        many = "subnet" if len(different) == 1 else "subnets"
        yield Fault(place, f"the load balancer has {len(different)} {many}; needed: 2 in two zones")


CHECK = Check(
    id="EB512",
    title="load balancer has fewer than two subnets",
    types=(LOAD_BALANCER,),
    severity=Severity.ERROR,
    fix="give it subnets in at least two Availability Zones",
    judge=_judge,
)
