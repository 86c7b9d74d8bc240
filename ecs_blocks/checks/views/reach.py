"""What security groups let through, as far as the template says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.model import Resource, Template, Unknown
from ecs_blocks.checks.views.parts import Part, as_items, whole
from ecs_blocks.checks.views.security_rules import GROUP, INGRESS, Rule, separate_egress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TCP: Final = frozenset({"tcp"})
ANY: Final = frozenset({"tcp", "udp"})
_UDP: Final = frozenset({"udp"})
_PROTOCOLS: Final = {
    "HTTP": TCP,
    "HTTPS": TCP,
    "TCP": TCP,
    "TLS": TCP,
    "UDP": _UDP,
    "QUIC": _UDP,
}


class Gate(Struct, frozen=True):
    """The security groups of a load balancer or of tasks.

    ``outside`` is the path of one that is not in the template, and so may allow anything.
    """

    groups: tuple[Resource, ...]
    outside: str | None

    @property
    def is_empty(self) -> bool:
        """Whether no group is named, and so the default one of the VPC is meant, or none."""
        return not self.groups and self.outside is None

    @property
    def names(self) -> str:
        """The logical ids, for a message."""
        return ", ".join(group.id for group in self.groups)

    def lets_in(self, template: Template, port: float, protocols: frozenset[str]) -> bool:
        """Whether anybody may connect to *port* with one of *protocols*.

        Raises:
            Unknown: no rule that can be read allows it, and not every rule can be read.
        """
        return self._allows(_incoming(self.groups, template), port, protocols)

    def lets_out(self, template: Template, port: float, protocols: frozenset[str]) -> bool:
        """Whether anything may be reached on *port*. A group without egress rules lets all out.

        Raises:
            Unknown: as ``lets_in``.
        """
        outgoing = [list(_outgoing(group, template)) for group in self.groups]
        if not all(outgoing):
            return True
        return self._allows((rule for rules in outgoing for rule in rules), port, protocols)

    def _allows(self, rules: Iterable[Rule], port: float, protocols: frozenset[str]) -> bool:
        unknown = Unknown(self.outside) if self.outside is not None else None
        for rule in rules:
            try:
                if _covers(rule, port, protocols):
                    return True
            except Unknown as found:
                unknown = unknown or found
        if unknown is not None:
            raise unknown
        return False


def gate(listed: Iterable[Part], template: Template) -> Gate:
    """The gate that the items of a ``SecurityGroups`` property make."""
    groups: list[Resource] = []
    outside: str | None = None
    for one in listed:
        group = template.target(one.value)
        if group is not None and group.type == GROUP:
            groups.append(group)
        else:
            outside = outside or one.path
    return Gate(tuple(groups), outside)


def protocols_of(protocol: str) -> frozenset[str]:
    """What a rule has to be for, to let through what a load balancer calls *protocol*."""
    return _PROTOCOLS.get(protocol, ANY)


def _incoming(groups: Iterable[Resource], template: Template) -> Iterator[Rule]:
    for group in groups:
        yield from _inline(group, "SecurityGroupIngress", ingress=True)
        for rule in template.of_type(INGRESS):
            if any(template.target(rule.raw(key)) is group for key in ("GroupId", "GroupName")):
                yield Rule(whole(rule), ingress=True)


def _outgoing(group: Resource, template: Template) -> Iterator[Rule]:
    yield from _inline(group, "SecurityGroupEgress", ingress=False)
    for rule in separate_egress(group, template):
        yield Rule(whole(rule), ingress=False)


def _inline(group: Resource, place: str, *, ingress: bool) -> Iterator[Rule]:
    for index, rule in enumerate(as_items(group.raw(place))):
        yield Rule(Part(f"{place}.{index}", rule), ingress)


def _covers(rule: Rule, port: float, protocols: frozenset[str]) -> bool:
    protocol = rule.protocol()
    if protocol == "-1":
        return True
    if protocol not in protocols:
        return False
    ports = rule.ports()
    return ports is None or ports[0] <= port <= ports[1]
