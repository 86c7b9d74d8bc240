"""An egress rule on its own takes the group's "allow everything" rule away.

CloudFormation removes a rule for all protocols to ``0.0.0.0/0`` from a security group as soon as an
``AWS::EC2::SecurityGroupEgress`` for that group is made, although the template still has it: from
then on only the separate rules hold, and what relied on the open one times out. No change set shows
it.

Write all egress rules of a group in one way, and name in them what is needed.

Source: aws-cloudformation/cfn-language-discussion issue 157; aws/aws-cdk issue 987.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.security_rules import GROUP, Rule, rules, separate_egress

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVERYBODY: Final = "0.0.0.0/0"


def _judge(group: Resource, template: Template) -> Iterator[Fault]:
    separate = separate_egress(group, template)
    if not separate:
        return

    def rule(one: Rule) -> Iterator[Fault]:
        if not one.ingress and one.protocol() == "-1" and one.world() == _EVERYBODY:
            message = f"CloudFormation removes this rule when it makes {separate[0].id}"
            yield Fault(one.part.path, message)

    yield from each(rules(group), rule)


CHECK = Check(
    id="EB522",
    title="egress rule is removed by a separate one",
    types=(GROUP,),
    severity=Severity.WARNING,
    fix="write all egress rules of the group inline, or all as resources of their own",
    judge=_judge,
)
