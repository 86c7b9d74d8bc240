"""Whom security groups let in and out, before and after, wherever the rule is written."""

from __future__ import annotations

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


_Held = list[tuple[Opening, tuple[str, str]]]
"""Openings, each with the resource and the property that it stands in."""


def network_rules(subject: Subject) -> Iterator[Finding]:
    """What newly comes through security groups, and what no longer does.

    What a new group lets through is read with the service that it is for: of it only what is open
    to the world is told. A group that goes takes its rules along, and ``deletion`` tells of it. A
    group of another stack neither comes nor goes.
    """
    before, after = openings(subject.before), openings(subject.after)
    ids = subject.before.resources.keys(), subject.after.resources.keys()
    new, gone = ids[1] - ids[0], ids[0] - ids[1]
    opened: dict[tuple[str, str, bool], _Held] = {}
    for one, holder in after.items():
        if one not in before and (one.group not in new or (one.world and one.incoming)):
            opened.setdefault((one.group, one.ports, one.incoming), []).append((one, holder))
    closed: dict[tuple[str, bool], _Held] = {}
    for one, holder in before.items():
        if one not in after and one.group not in gone:
            closed.setdefault((one.group, one.incoming), []).append((one, holder))
    for found in opened.values():
        yield _opened(found, usual=subject.is_new)
    for found in closed.values():
        yield _closed(found)


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
    """What newly comes through one port of one group. *usual*: a new app opens those of the web."""
    first = found[0][0]
    world = any(one.world for one, _ in found)
    peers = listed(one.peer for one, _ in found)
    is_open = "are" if first.ports.startswith("ports ") else "is"
    weight = Weight.NOTICE
    if not first.incoming:
        words = f"may now reach {peers} on {first.ports}"
    elif world:
        words = f"{first.ports} {is_open} open to the world ({peers})"
        weight = Weight.NOTICE if usual and first.ports in _WEB else Weight.APPROVAL
    else:
        words = f"{first.ports} {is_open} now open to {peers}"
    return _finding(f"{first.group}: {words}", weight, found)


def _closed(found: _Held) -> Finding:
    first = found[0][0]
    way = "from" if first.incoming else "to"
    what = listed(f"{one.ports} {way} {one.peer}" for one, _ in found)
    words = "no longer lets in" if first.incoming else "no longer lets out"
    return _finding(f"{first.group}: {words} {what}", Weight.NOTICE, found)


def _finding(text: str, weight: Weight, found: _Held) -> Finding:
    covers = tuple(dict.fromkeys(holder for _, holder in found))
    return Finding(kind="exposure", weight=weight, text=text, covers=covers)
