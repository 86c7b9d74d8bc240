"""A security group rule without a description is one that nobody dares to remove.

Years later the rule is still open, because nothing says what it was for.

Give each rule, inline or on its own, a ``Description`` that says who needs it and why.

Source: checkov CKV_AWS_23; cdk-nag AwsSolutions-EC27.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.security_rules import EGRESS, GROUP, INGRESS, Rule, rules

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(resource: Resource, _template: Template) -> Iterator[Fault]:
    yield from each(rules(resource), _rule)


def _rule(rule: Rule) -> Iterator[Fault]:
    if not rule.part.raw("Description"):
        yield Fault(rule.part.at("Description"), "the rule does not say what it is for")


CHECK = Check(
    id="EB518",
    title="security group rule has no description",
    types=(GROUP, INGRESS, EGRESS),
    severity=Severity.WARNING,
    fix="set Description: who needs the rule, and why",
    judge=_judge,
)
