"""Security groups as openings: whom each lets in and out, on which ports, wherever it is written.

Sources: Amazon EC2 API Reference, IpPermission; CloudFormation Template Reference,
AWS::EC2::SecurityGroup (what a group without egress rules lets out); IANA special-purpose address
registries.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.parts import Part, as_items
from ecs_blocks.checks.views.security_rules import EGRESS, GROUP, INGRESS, Rule
from ecs_blocks.review.impact.phrases import spoken
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.checks.model import Resource, Template

_PEERS: Final = (
    "CidrIp",
    "CidrIpv6",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
    "SourcePrefixListId",
    "DestinationSecurityGroupId",
    "DestinationPrefixListId",
)
_LAST_PORT: Final = 65_535
_EVERY_PROTOCOL: Final = "-1"
_EVERY_PORT: Final = "every port"
_EGRESS_PROPERTY: Final = "SecurityGroupEgress"
_EVERYBODY: Final = ("0.0.0.0/0", "::/0")
_OWN: Final = tuple(
    ip_network(one)
    for one in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
    )
)
"""Addresses that nothing on the internet has (IANA special-purpose address registries)."""

Place = tuple[str, str]
"""A resource, and the property of it."""
Network = IPv4Network | IPv6Network


class Opening(Struct, frozen=True):
    """One way that a group (its logical id, or what it is named by) opens: which, and to whom.

    ``ports`` are in words, ``span`` the protocol with its first and last port; None where that is
    not known, or the protocol has none. ``world``: everybody is let in, by this one or together
    with others.
    """

    group: str
    incoming: bool
    ports: str
    peer: str
    world: bool
    span: tuple[str, float, float] | None = None

    @property
    def network(self) -> Network | None:
        """The range of addresses that it is open to, where it is to one."""
        try:
            return ip_network(self.peer, strict=False)
        except ValueError:
            return None

    @property
    def public(self) -> bool:
        """Whether it lets in addresses of the internet."""
        found = self.network
        return self.incoming and found is not None and not any(_inside(found, o) for o in _OWN)


def openings(template: Template) -> dict[Opening, Place]:
    """Every opening of every group, with the resource and the property that it stands in."""
    found: dict[Opening, Place] = {}
    for resource in template.of_type(GROUP, INGRESS, EGRESS):
        for rule, path in _rules(resource):
            opening = _opening(resource, rule)
            if opening is not None:
                found.setdefault(opening, (resource.id, path))
    return found


def open_by_default(template: Template) -> dict[Opening, Place]:
    """What each group lets out that is made without an egress rule: everything.

    A group that loses its last one lets out nothing, so of what is changed this is true before.
    """
    closed = {_group_of(one) for one in template.of_type(EGRESS)}
    return {
        Opening(
            group=group.id,
            incoming=False,
            ports=_EVERY_PORT,
            peer=peer,
            world=True,
            span=(_EVERY_PROTOCOL, 0, _LAST_PORT),
        ): (group.id, _EGRESS_PROPERTY)
        for group in template.of_type(GROUP)
        if not group.properties.get(_EGRESS_PROPERTY) and group.id not in closed
        for peer in _EVERYBODY
    }


def _group_of(rule: Resource) -> str:
    """The group that *rule* is of: its logical id, or what it is named by."""
    named = rule.properties.get("GroupId", rule.properties.get("GroupName"))
    return spoken(named).removesuffix(".GroupId")


def _rules(resource: Resource) -> Iterator[tuple[Rule, str]]:
    if resource.type != GROUP:
        yield Rule(Part("", resource.properties), resource.type == INGRESS), ""
        return
    for direction in ("SecurityGroupIngress", _EGRESS_PROPERTY):
        listed_ = resource.properties.get(direction)
        for item in [] if is_intrinsic(listed_) else as_items(listed_):
            yield Rule(Part(direction, item), direction == "SecurityGroupIngress"), direction


def _opening(resource: Resource, rule: Rule) -> Opening | None:
    """The rule as an opening; None where it is decided only when CloudFormation runs."""
    if not isinstance(rule.part.value, dict) or is_intrinsic(rule.part.value):
        return None
    given = next((one for one in _PEERS if rule.part.raw(one) is not None), None)
    try:
        world = rule.world() is not None
    except Unknown:
        world = False
    peer = "anywhere" if given is None else spoken(rule.part.raw(given)).removesuffix(".GroupId")
    return Opening(
        group=resource.id if resource.type == GROUP else _group_of(resource),
        incoming=rule.ingress,
        ports=_ports(rule),
        peer=peer,
        world=world,
        span=_span(rule),
    )


def _span(rule: Rule) -> tuple[str, float, float] | None:
    """The protocol, the first and the last port; None where the protocol has none, or is unknown.

    A rule for TCP or UDP without ports is for every one.
    """
    try:
        protocol, ports = rule.protocol(), rule.ports()
    except Unknown:
        return None
    if protocol == _EVERY_PROTOCOL:
        return protocol, 0, _LAST_PORT
    if protocol not in ("tcp", "udp"):
        return None
    return (protocol, *(ports or (0, _LAST_PORT)))


def _ports(rule: Rule) -> str:
    try:
        protocol, ports = rule.protocol(), rule.ports()
    except Unknown:
        return f"port {spoken(rule.part.raw('FromPort'))}"
    if protocol == _EVERY_PROTOCOL:
        return _EVERY_PORT
    if ports is None:
        if protocol in ("tcp", "udp"):
            return f"every {protocol.upper()} port"
        return protocol.upper() or "an unknown protocol"
    return _of_span(protocol, *ports)


def _of_span(protocol: str, first: float, last: float) -> str:
    """``port 80``, ``ports 80 to 90 (UDP)``, ``every TCP port``."""
    if first <= 1 and last >= _LAST_PORT:
        return f"every {protocol.upper()} port"
    low, high = f"{first:.0f}", f"{last:.0f}"
    udp = " (UDP)" if protocol == "udp" else ""
    return f"port {low}{udp}" if low == high else f"ports {low} to {high}{udp}"


def joined(found: Iterable[Opening]) -> list[Opening]:
    """*found*, and what ports side by side that are open to the same peer are together."""
    openings = list(found)
    alike: dict[tuple[str, bool, str, str], list[Opening]] = {}
    for one in openings:
        if one.span is not None:
            alike.setdefault((one.group, one.incoming, one.peer, one.span[0]), []).append(one)
    return [*openings, *(one for same in alike.values() for one in _side_by_side(same))]


def _side_by_side(alike: list[Opening]) -> Iterator[Opening]:
    """Each row of ports without a gap that is more than one of *alike*."""
    spans = sorted(one.span for one in alike if one.span is not None)
    rows: list[tuple[str, float, float]] = []
    for protocol, first, last in spans:
        if rows and first <= rows[-1][2] + 1:
            rows[-1] = (protocol, rows[-1][1], max(rows[-1][2], last))
        else:
            rows.append((protocol, first, last))
    for row in rows:
        if row not in spans:
            yield replace(alike[0], ports=_of_span(*row), span=row)


def is_covered(one: Opening, others: Iterable[Opening]) -> bool:
    """Whether what *one* lets through comes through *others* as well, taken together.

    Of ports it is their rows that count (``joined``).
    """
    alike = [other for other in others if _has_ports(one, other)]
    peers = {other.peer for other in alike}
    # Whatever a group or a prefix list stands for, it is an address.
    if one.peer in peers or peers.issuperset(_EVERYBODY):
        return True
    inner = one.network
    return inner is not None and any(_inside(inner, outer) for outer in _together(inner, alike))


def _has_ports(one: Opening, other: Opening) -> bool:
    """Whether *other* is of the same group and direction, with all the ports of *one*."""
    if (one.group, one.incoming) != (other.group, other.incoming):
        return False
    if one.ports == other.ports:
        return True
    if one.span is None or other.span is None:
        return other.span is not None and other.span[0] == _EVERY_PROTOCOL
    protocol, low, high = other.span
    same = protocol in (_EVERY_PROTOCOL, one.span[0])
    return same and low <= one.span[1] and one.span[2] <= high


def _together(inner: Network, openings: Iterable[Opening]) -> list[Network]:
    """The ranges of addresses of *openings*, of the version of *inner*, neighbours as one."""
    found = [one.network for one in openings]
    if isinstance(inner, IPv4Network):
        return list(collapse_addresses([one for one in found if isinstance(one, IPv4Network)]))
    return list(collapse_addresses([one for one in found if isinstance(one, IPv6Network)]))


def _inside(inner: Network, outer: Network) -> bool:
    # mypy does not see that both are of one version then
    return isinstance(inner, type(outer)) and inner.subnet_of(outer)  # type: ignore[arg-type]


def with_the_world(found: dict[Opening, Place]) -> dict[Opening, Place]:
    """*found*; what is open to everybody only together with others is open to the world too."""
    others = joined(found)
    return {_with_others(one, others): holder for one, holder in found.items()}


def _with_others(one: Opening, others: Iterable[Opening]) -> Opening:
    network = one.network
    if one.world or network is None:
        return one
    alike = [other for other in others if _has_ports(one, other)]
    ranges = _together(network, alike) if len(alike) > 1 else []
    return replace(one, world=any(each.prefixlen == 0 for each in ranges))
