"""Where a service lives, and what its tasks may connect to."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct, field

from ecs_blocks.blocks.addresses import Addresses
from ecs_blocks.blocks.security_group import ANYWHERE, Rule
from ecs_blocks.values import SubnetId, Value, VpcId

HTTPS_ONLY: Final[tuple[Rule, ...]] = tuple(Rule(443, peer) for peer in ANYWHERE)


class Network(Struct, frozen=True, kw_only=True):
    """Where a service lives.

    Attributes:
        vpc_id: the VPC.
        task_subnet_ids: of the tasks; private ones with a way out (NAT, or VPC endpoints).
        balancer_subnet_ids: of a load balancer of its own; public ones for ``internet-facing``.
        ip_address_type: of that load balancer; ``dualstack`` needs subnets with IPv6.
        egress: what tasks may connect to. HTTPS, unless more is named: a database's group, say.
        addresses: of the tasks: further security groups, and whether they are public; they are not.
    """

    vpc_id: Value[VpcId]
    task_subnet_ids: Value[list[SubnetId]]
    balancer_subnet_ids: Value[list[SubnetId]] = field(default_factory=list)
    ip_address_type: Value[Literal["ipv4", "dualstack"]] = "ipv4"
    egress: tuple[Rule, ...] = HTTPS_ONLY
    addresses: Addresses = Addresses()
