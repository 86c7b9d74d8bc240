"""A listener on a port that the load balancer's security groups do not open answers nobody.

Connections time out, and nothing in the load balancer's metrics or logs says why. It happens when a
listener is added, or moved from 80 to 443, and the rule is forgotten.

Add an ingress rule for the listener's port. Who is let in is not judged, only whether anybody is;
groups of other stacks count as not checked.

Source: Elastic Load Balancing, "Security groups for your Application Load Balancer".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import LISTENER, balancer_of
from ecs_blocks.checks.views.parts import elsewhere, number, parts, text, whole
from ecs_blocks.checks.views.reach import gate, protocols_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(listener: Resource, template: Template) -> Iterator[Fault]:
    balancer = balancer_of(listener, template)
    if balancer is None:
        return
    with elsewhere("LoadBalancerArn"):
        groups = gate(parts(balancer, "SecurityGroups"), template)
    if groups.is_empty:
        return  # a Network Load Balancer without any lets all in
    port, protocol = number(whole(listener).get("Port")), text(whole(listener).get("Protocol"))
    if port is None:
        return
    with elsewhere("LoadBalancerArn"):
        reached = groups.lets_in(template, port, protocols_of(protocol))
    if not reached:
        yield Fault("Port", f"{groups.names} let nothing in on port {port:g}")


CHECK = Check(
    id="EB527",
    title="listener's port is closed by the security groups",
    types=(LISTENER,),
    severity=Severity.WARNING,
    fix="add an ingress rule for the port to the load balancer's security group",
    judge=_judge,
)
