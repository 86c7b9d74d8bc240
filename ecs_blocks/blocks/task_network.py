"""Where tasks live that no load balancer sends to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ecs_blocks.blocks.addresses import Addresses
from ecs_blocks.blocks.network import HTTPS_ONLY
from ecs_blocks.blocks.security_group import Rule, SecurityGroup
from ecs_blocks.values import SubnetId, Value, VpcId

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope


class TaskNetwork(Struct, frozen=True, kw_only=True):
    """Where tasks live, who may connect to them, and what they may connect to.

    Attributes:
        vpc_id: the VPC.
        subnet_ids: private ones with a way out (NAT, or VPC endpoints).
        ingress: who may connect; nobody, unless it is named.
        egress: what tasks may connect to. HTTPS, unless more is named: a database's group, say.
        addresses: further security groups, and whether tasks get public addresses; none do.
    """

    vpc_id: Value[VpcId]
    subnet_ids: Value[list[SubnetId]]
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = HTTPS_ONLY
    addresses: Addresses = Addresses()

    def security_group(self, scope: Scope) -> Any:
        """Add the tasks' security group, and return it."""
        return scope.build(
            SecurityGroup(
                description="tasks: only what is named in, only what is named out",
                vpc_id=self.vpc_id,
                ingress=self.ingress,
                egress=self.egress,
            )
        )
