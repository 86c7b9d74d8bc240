"""Whom security groups let in and out, before and after, wherever the rule is written."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.parts import Part, as_items
from ecs_blocks.checks.views.security_rules import EGRESS, GROUP, INGRESS, Rule
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed, spoken
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template
    from ecs_blocks.review.impact.subject import Subject

_PEERS: Final = (
    "CidrIp",
    "CidrIpv6",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
    "SourcePrefixListId",
    "DestinationSecurityGroupId",
    "DestinationPrefixListId",
)
_WEB: Final = ("port 80", "port 443")
_LAST_PORT: Final = 65_535


class Opening(Struct, frozen=True):
    """One way that a group (its logical id, or what it is named by) opens: which, and to whom."""

    group: str
    incoming: bool
    ports: str
    peer: str
    world: bool


_Holders = tuple[tuple[str, str], ...]
_Held = list[tuple[Opening, _Holders]]
"""Openings, each with the resources and the properties that it stands in."""


def network_rules(subject: Subject) -> Iterator[Finding]:
    """What newly comes through security groups, and what no longer does.

    What a new group lets through is read with the service that it is for: of it only what is open
    to the world is told. A group that goes takes its rules along, and ``deletion`` tells of it. A
    group of another stack neither comes nor goes.
    """
    before, after = openings(subject.before), openings(subject.after)
    ids = subject.before.resources.keys(), subject.after.resources.keys()
    new, gone = ids[1] - ids[0], ids[0] - ids[1]
    came = {
        one: holder
        for one, holder in after.items()
        if (one.group not in new or (one.world and one.incoming))
        and not any(_within(one, other) for other in before)
    }
    went = {
        one: holder
        for one, holder in before.items()
        if one.group not in gone and not any(_within(one, other) for other in after)
    }
    opened: dict[tuple[str, str, bool], _Held] = {}
    for one, holders in _of_both_ends(came):
        opened.setdefault((one.group, one.ports, one.incoming), []).append((one, holders))
    closed: dict[tuple[str, bool], _Held] = {}
    for one, holders in _of_both_ends(went):
        closed.setdefault((one.group, one.incoming), []).append((one, holders))
    alike: dict[tuple[str, bool, bool, tuple[str, ...]], _Held] = {}
    for (group, ports, incoming), found in opened.items():
        peers = tuple(one.peer for one, _ in found)
        alike.setdefault((group, incoming, ports in _WEB, peers), []).extend(found)
    for found in alike.values():
        first = found[0][0]
        instead = closed.get((first.group, first.incoming), [])
        if instead and _is_moved(found, instead):
            del closed[first.group, first.incoming]
            yield _moved(found, instead)
        else:
            yield _opened(found, usual=subject.is_new)
    for found in closed.values():
        yield _closed(found)


def _of_both_ends(found: dict[Opening, tuple[str, str]]) -> Iterator[tuple[Opening, _Holders]]:
    """Each opening; what one group lets out and the other lets in is one, the other's."""
    for one, holder in found.items():
        end = Opening(
            group=one.peer,
            incoming=not one.incoming,
            ports=one.ports,
            peer=one.group,
            world=one.world,
        )
        if end not in found:
            yield one, (holder,)
        elif one.incoming:
            yield one, (holder, found[end])


def _is_moved(opened: _Held, closed: _Held) -> bool:
    """Whether the same peers, and not the world, reach other ports in the place of these."""
    sides = [[one for one, _ in found] for found in (opened, closed)]
    peers = [{one.peer for one in found} for found in sides]
    whole = all(
        len(found) == len(names) * len({one.ports for one in found})
        for found, names in zip(sides, peers, strict=True)
    )
    return whole and peers[0] == peers[1] and not any(one.world for one in sides[0])


def _within(one: Opening, other: Opening) -> bool:
    """Whether what *one* lets through comes through *other* as well."""
    if one == other:
        return True
    ways = [(it.group, it.incoming, it.ports) for it in (one, other)]
    if ways[0] != ways[1]:
        return False
    try:
        inner, outer = ip_network(one.peer), ip_network(other.peer)
    except ValueError:
        return False
    # mypy does not see that both are of one version then
    return isinstance(inner, type(outer)) and inner.subnet_of(outer)  # type: ignore[arg-type]


def openings(template: Template) -> dict[Opening, tuple[str, str]]:
    """Every opening of every group, with the resource and the property that it stands in."""
    found: dict[Opening, tuple[str, str]] = {}
    for resource in template.of_type(GROUP, INGRESS, EGRESS):
        for rule, path in _rules(resource):
            opening = _opening(resource, rule)
            if opening is not None:
                found.setdefault(opening, (resource.id, path))
    return found


def _rules(resource: Resource) -> Iterator[tuple[Rule, str]]:
    if resource.type != GROUP:
        yield Rule(Part("", resource.properties), resource.type == INGRESS), ""
        return
    for direction in ("SecurityGroupIngress", "SecurityGroupEgress"):
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
    group = resource.id if resource.type == GROUP else ""
    named = resource.properties.get("GroupId", resource.properties.get("GroupName"))
    group = group or spoken(named).removesuffix(".GroupId")
    return Opening(group=group, incoming=rule.ingress, ports=_ports(rule), peer=peer, world=world)


def _ports(rule: Rule) -> str:
    try:
        protocol, ports = rule.protocol(), rule.ports()
    except Unknown:
        return f"port {spoken(rule.part.raw('FromPort'))}"
    if protocol == "-1":
        return "every port"
    if ports is None:
        if protocol in ("tcp", "udp"):
            return f"every {protocol.upper()} port"
        return protocol.upper() or "an unknown protocol"
    if ports[0] <= 1 and ports[1] >= _LAST_PORT:
        return f"every {protocol.upper()} port"
    low, high = (f"{one:.0f}" for one in ports)
    udp = " (UDP)" if protocol == "udp" else ""
    return f"port {low}{udp}" if low == high else f"ports {low} to {high}{udp}"


def _opened(found: _Held, *, usual: bool) -> Finding:
    """What the same peers newly reach of a group. *usual*: a new app opens the web's ports."""
    first = found[0][0]
    world = any(one.world for one, _ in found)
    peers = listed(one.peer for one, _ in found)
    ports = listed(one.ports for one, _ in found)
    is_open = "is" if ports == first.ports and not ports.startswith("ports ") else "are"
    weight = Weight.NOTICE
    if not first.incoming:
        words = f"may now reach {peers} on {ports}"
    elif world:
        words = f"{ports} {is_open} open to the world ({peers})"
        weight = Weight.NOTICE if usual and first.ports in _WEB else Weight.APPROVAL
    else:
        words = f"{ports} {is_open} now open to {peers}"
    return _finding(f"{first.group}: {words}", weight, found)


def _closed(found: _Held) -> Finding:
    first = found[0][0]
    way = "from" if first.incoming else "to"
    what = listed(f"{one.ports} {way} {one.peer}" for one, _ in found)
    words = "no longer lets in" if first.incoming else "no longer lets out"
    return _finding(f"{first.group}: {words} {what}", Weight.NOTICE, found)


def _moved(opened: _Held, closed: _Held) -> Finding:
    first = opened[0][0]
    new, old = (listed(one.ports for one, _ in found) for found in (opened, closed))
    peers = listed(one.peer for one, _ in opened)
    way = f"open to {peers}" if first.incoming else f"may reach {peers}"
    text = f"{first.group}: {way} on {new}, no longer on {old}"
    return _finding(text, Weight.NOTICE, [*opened, *closed])


def _finding(text: str, weight: Weight, found: _Held) -> Finding:
    covers = tuple(dict.fromkeys(one for _, holders in found for one in holders))
    return Finding(kind="exposure", weight=weight, text=text, covers=covers)
