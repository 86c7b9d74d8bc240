"""Security groups that are closed but for what is named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import ec2

from ecs_blocks.errors import BlockError
from ecs_blocks.values import SecurityGroupId, Token, Value, VpcId, get_att

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

MAX_DESCRIPTION: Final = 255
_DESCRIPTION: Final = re.compile(r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]*")


class Cidr(Struct, frozen=True):
    """Addresses as a peer: ``Cidr("10.0.0.0/8")``; IPv6 where there is a colon."""

    block: str

    def rule(self, _direction: str) -> dict[str, Any]:
        """The peer's part of a rule."""
        return {"CidrIpv6" if ":" in self.block else "CidrIp": self.block}

    @property
    def label(self) -> str:
        """The peer in a rule's description."""
        return "anywhere" if self.block in ("0.0.0.0/0", "::/0") else self.block


class Group(Struct, frozen=True):
    """Another security group as a peer; ``name`` is how a rule's description calls it."""

    id: Value[SecurityGroupId]
    name: str

    def rule(self, direction: str) -> dict[str, Any]:
        """The peer's part of a rule."""
        end = "SourceSecurityGroupId" if direction == "ingress" else "DestinationSecurityGroupId"
        return {end: self.id}

    @property
    def label(self) -> str:
        """The peer in a rule's description."""
        return self.name


class PrefixList(Struct, frozen=True):
    """A managed prefix list as a peer (CloudFront's, say)."""

    id: Value[str]

    def rule(self, direction: str) -> dict[str, Any]:
        """The peer's part of a rule."""
        end = "SourcePrefixListId" if direction == "ingress" else "DestinationPrefixListId"
        return {end: self.id}

    @property
    def label(self) -> str:
        """The peer in a rule's description."""
        return "a prefix list"


Peer = Cidr | Group | PrefixList

PRIVATE: Final[tuple[Peer, ...]] = (
    Cidr("10.0.0.0/8"),
    Cidr("172.16.0.0/12"),
    Cidr("192.168.0.0/16"),
)
"""Every address of a private network (RFC 1918)."""

ANYWHERE: Final[tuple[Peer, ...]] = (Cidr("0.0.0.0/0"), Cidr("::/0"))


class Rule(Struct, frozen=True):
    """One TCP port, to or from one peer."""

    port: int
    peer: Peer

    def __post_init__(self) -> None:
        if not 1 <= self.port <= 65535:
            raise BlockError(f"port {self.port} is not between 1 and 65535")
        _check_description(self._description("from"))

    def properties(self, direction: str) -> dict[str, Any]:
        """As a rule's properties; each rule says in words what it is for."""
        word = "from" if direction == "ingress" else "to"
        return {
            "Description": self._description(word),
            "IpProtocol": "tcp",
            "FromPort": self.port,
            "ToPort": self.port,
            **self.peer.rule(direction),
        }

    def _description(self, word: str) -> str:
        return f"port {self.port} {word} {self.peer.label}"


class SecurityGroup(Struct, frozen=True, kw_only=True):
    """One security group.

    Attributes:
        description: what it is around; it cannot be changed without replacing the group.
        vpc_id: the VPC.
        ingress: what may come in; nothing, unless it is named.
        egress: what may go out. At least one rule: without any, AWS adds "everything to anywhere".
    """

    description: str
    vpc_id: Value[VpcId]
    egress: tuple[Rule, ...]
    ingress: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        _check_description(self.description)
        if not self.egress:
            raise BlockError(
                "a security group without a rule for what goes out lets everything out, to "
                "anywhere; name at least one"
            )

    def build(self, scope: Scope) -> Any:
        """Add the group, and return it (a ``troposphere.ec2.SecurityGroup``)."""
        group = ec2.SecurityGroup(
            scope.id("SecurityGroup"),
            GroupDescription=self.description,
            VpcId=self.vpc_id,
            SecurityGroupEgress=[rule.properties("egress") for rule in self.egress],
        )
        if self.ingress:
            group.SecurityGroupIngress = [rule.properties("ingress") for rule in self.ingress]
        return scope.add(group)


def _check_description(text: str) -> None:
    """EC2 takes few characters: no apostrophe, no umlaut (API reference, CreateSecurityGroup)."""
    if len(text) > MAX_DESCRIPTION:
        raise BlockError(f"{text[:40]!r}… is longer than {MAX_DESCRIPTION} characters")
    if not _DESCRIPTION.fullmatch(text):
        raise BlockError(
            f"{text!r} cannot be a description: EC2 takes letters and digits of ASCII, spaces and "
            "._-:/()#,@[]+=&;{}!$*"
        )


def group_id(group: Any) -> Token[SecurityGroupId]:
    """The id of a group of the same template."""
    return get_att(group, "GroupId")


def allow_into(scope: Scope, group: Any, rule: Rule, suffix: str) -> Any:
    """Let *rule* into *group* by a resource of its own.

    Two groups that name each other in their own rules would be a circle.
    """
    return scope.add(
        ec2.SecurityGroupIngress(
            scope.id(suffix), GroupId=group_id(group), **rule.properties("ingress")
        )
    )


def allow_out_of(scope: Scope, group: Value[SecurityGroupId], rule: Rule, suffix: str) -> Any:
    """Let *group*, which may be another stack's, reach *rule*'s peer, by a resource of its own."""
    return scope.add(
        ec2.SecurityGroupEgress(scope.id(suffix), GroupId=group, **rule.properties("egress"))
    )
