"""A security group that lets everything out lets out what an intruder took as well.

AWS adds a rule that allows all outbound traffic to each group that is made without egress rules, an
empty list included. An explicit ``IpProtocol: -1`` to ``0.0.0.0/0`` is the same in writing.

Name what is needed: HTTPS (443) for AWS's services and the database's security group are often all.
To let nothing out, name one harmless destination (``127.0.0.1/32``). A group whose egress rules are
resources of their own is not reported: CloudFormation takes AWS's rule away with the first of them
(reported by many; AWS's documentation does not say it).

Source: AWS::EC2::SecurityGroup; aws/aws-cdk issue 987.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import each, parts
from ecs_blocks.checks.views.security_rules import EGRESS, GROUP, Rule, rules, separate_egress

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "SecurityGroupEgress"


def _judge(resource: Resource, template: Template) -> Iterator[Fault]:
    if resource.type == GROUP and not list(parts(resource, _PLACE)):
        if not separate_egress(resource, template):
            yield Fault(_PLACE, "there are no egress rules, so AWS adds one that lets all out")
        return
    yield from each(rules(resource), _rule)


def _rule(rule: Rule) -> Iterator[Fault]:
    if rule.ingress or rule.protocol() != "-1":
        return
    world = rule.world()
    if world is not None:
        yield Fault(rule.part.at("IpProtocol"), f"every protocol may go out to {world}")


CHECK = Check(
    id="EB520",
    title="everything may go out",
    types=(GROUP, EGRESS),
    severity=Severity.WARNING,
    fix="name what is needed in SecurityGroupEgress, as TCP 443",
    judge=_judge,
)
