"""SSH and RDP that are open to everybody are attacked within minutes.

Whoever needs a shell on an instance gets one through Session Manager, without an open port and with
a record of who it was.

Remove the rule, or limit it to the range of addresses or the prefix list that needs it. Rules that
open every port are reported by EB519.

Source: AWS Security Hub, controls EC2.13, EC2.14 and EC2.53; checkov CKV_AWS_24 and CKV_AWS_25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.security_rules import GROUP, INGRESS, Rule, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

_PORTS: Final = {22: ("SSH", ("tcp",)), 3389: ("RDP", ("tcp", "udp"))}


def _judge(resource: Resource, _template: Template) -> Iterator[Fault]:
    yield from each(rules(resource), _rule)


def _rule(rule: Rule) -> Iterator[Fault]:
    ports = rule.ports() if rule.ingress and not rule.is_unlimited() else None
    if ports is None:
        return
    for port, (name, protocols) in _PORTS.items():
        if rule.protocol() in protocols and ports[0] <= port <= ports[1]:
            world = rule.world()
            if world is not None:
                place = rule.part.at("FromPort")
                yield Fault(place, f"{name} (port {port}) is open to {world}")


CHECK = Check(
    id="EB521",
    title="SSH or RDP is open to everybody",
    types=(GROUP, INGRESS),
    severity=Severity.ERROR,
    fix="remove the rule and use Session Manager, or limit it to those who need it",
    judge=_judge,
)
