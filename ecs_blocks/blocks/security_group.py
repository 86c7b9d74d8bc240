"""Security groups that are closed but for what is named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct
from troposphere import ec2

from ecs_blocks.blocks.limits import check_block, check_port
from ecs_blocks.errors import BlockError
from ecs_blocks.values import SecurityGroupId, Token, Value, VpcId, get_att, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

MAX_DESCRIPTION: Final = 255
_DESCRIPTION: Final = re.compile(r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]*")


class Cidr(Struct, frozen=True):
    """Addresses as a peer: ``Cidr("10.0.0.0/8")``, or ``Cidr(env.office_cidr)`` where they vary.

    ``ip_version`` is ``ipv4`` or ``ipv6``; None is what the text is, and of a token IPv4. Say it
    where a value may be ``0.0.0.0/0``, which is called "anywhere" otherwise, or is of IPv6.
    """

    block: Value[str]
    ip_version: Literal["ipv4", "ipv6"] | None = None

    def __post_init__(self) -> None:
        check_block("the block", self.block)
        if self.ip_version is not None and self.ip_version != self._version():
            raise BlockError(
                f"the block {self.block} is not {self.ip_version}; write one that is, or the other "
                "ip_version"
            )

    def rule(self, _direction: str) -> dict[str, Any]:
        """The peer's part of a rule."""
        return {"CidrIpv6" if self._version() == "ipv6" else "CidrIp": self.block}

    @property
    def label(self) -> Value[str]:
        """The peer in a rule's description; one that may vary is called by its addresses."""
        if isinstance(self.block, Token) or self.ip_version is not None:
            return self.block
        return "anywhere" if self.block in ("0.0.0.0/0", "::/0") else self.block

    def _version(self) -> str:
        if isinstance(self.block, Token):
            return self.ip_version or "ipv4"
        return "ipv6" if ":" in self.block else "ipv4"


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
    """One port, to or from one peer: of TCP, unless ``protocol`` says ``udp``."""

    port: int
    peer: Peer
    protocol: Literal["tcp", "udp"] = "tcp"

    def __post_init__(self) -> None:
        check_port(self.port)
        _check_description(self._description("from"))

    def properties(self, direction: str) -> dict[str, Any]:
        """As a rule's properties; each rule says in words what it is for."""
        word = "from" if direction == "ingress" else "to"
        return {
            "Description": self._description(word),
            "IpProtocol": self.protocol,
            "FromPort": self.port,
            "ToPort": self.port,
            **self.peer.rule(direction),
        }

    def _description(self, word: str) -> Value[str]:
        port = "port" if self.protocol == "tcp" else "UDP port"
        return text(f"{port} {self.port} {word} ", self.peer.label)


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


def _check_description(words: Value[str]) -> None:
    """EC2 takes few characters: no apostrophe, no umlaut (API reference, CreateSecurityGroup)."""
    if isinstance(words, Token):
        return
    if len(words) > MAX_DESCRIPTION:
        raise BlockError(f"{words[:40]!r}… is longer than {MAX_DESCRIPTION} characters")
    if not _DESCRIPTION.fullmatch(words):
        raise BlockError(
            f"{words!r} cannot be a description: EC2 takes letters and digits of ASCII, spaces and "
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
