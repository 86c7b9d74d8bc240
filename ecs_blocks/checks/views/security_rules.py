"""The rules of security groups, inline or resources of their own, and whom they let in or out."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.views.parts import Part, number, parts, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template

GROUP: Final = "AWS::EC2::SecurityGroup"
INGRESS: Final = "AWS::EC2::SecurityGroupIngress"
EGRESS: Final = "AWS::EC2::SecurityGroupEgress"

_PROTOCOLS: Final = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
_LAST_PORT: Final = 65535


class Rule(Struct, frozen=True):
    """One rule: its properties, and whether it lets in (else out)."""

    part: Part
    ingress: bool

    def protocol(self) -> str:
        """``tcp``, ``udp``, …, or ``-1`` for all of them."""
        given = text(self.part.get("IpProtocol")).lower()
        return _PROTOCOLS.get(given, given)

    def ports(self) -> tuple[float, float] | None:
        """The first and the last port of a TCP or UDP rule; None where it has none."""
        if self.protocol() not in ("tcp", "udp"):
            return None
        low, high = number(self.part.get("FromPort")), number(self.part.get("ToPort"))
        return None if low is None or high is None else (low, high)

    def is_unlimited(self) -> bool:
        """Whether the rule is for every protocol, or for every port of one."""
        ports = self.ports()
        everything = ports is not None and ports[0] <= 1 and ports[1] >= _LAST_PORT
        return self.protocol() == "-1" or everything

    def world(self) -> str | None:
        """The range of addresses that is everybody, or None. A prefix list never is."""
        for key in ("CidrIp", "CidrIpv6"):
            cidr = text(self.part.get(key)).strip()
            if cidr and _is_everybody(cidr):
                return cidr
        return None


def rules(resource: Resource) -> Iterator[Rule]:
    """The rules of a security group, or the one that *resource* itself is."""
    if resource.type != GROUP:
        yield Rule(whole(resource), resource.type == INGRESS)
        return
    for direction in ("SecurityGroupIngress", "SecurityGroupEgress"):
        for part in parts(resource, direction):
            yield Rule(part, direction == "SecurityGroupIngress")


def separate_egress(group: Resource, template: Template) -> list[Resource]:
    """The egress rules of *group* that are resources of their own."""
    return [one for one in template.of_type(EGRESS) if template.target(one.raw("GroupId")) is group]


def _is_everybody(cidr: str) -> bool:
    try:
        return ip_network(cidr, strict=False).prefixlen == 0
    except ValueError:
        return False
