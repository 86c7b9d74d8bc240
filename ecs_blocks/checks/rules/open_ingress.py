"""A rule that lets everybody in on every port is no firewall.

``IpProtocol: -1`` from ``0.0.0.0/0`` or ``::/0`` opens all that ever listens behind the group, also
what is started tomorrow. The same is said of all ports of TCP or UDP.

Name the one port, and the security group, prefix list or range that needs it.

Source: AWS Security Hub, controls EC2.18 and EC2.19; cloudformation-validate W2508.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.security_rules import GROUP, INGRESS, Rule, rules

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(resource: Resource, _template: Template) -> Iterator[Fault]:
    yield from each(rules(resource), _rule)


def _rule(rule: Rule) -> Iterator[Fault]:
    if not rule.ingress or not rule.is_unlimited():
        return
    world = rule.world()
    if world is not None:
        what = "every protocol" if rule.protocol() == "-1" else f"every {rule.protocol()} port"
        yield Fault(rule.part.at("IpProtocol"), f"{what} is open to {world}")


CHECK = Check(
    id="EB519",
    title="everything is open to everybody",
    types=(GROUP, INGRESS),
    severity=Severity.ERROR,
    fix="name the port, and the security group, prefix list or range that needs it",
    judge=_judge,
)
