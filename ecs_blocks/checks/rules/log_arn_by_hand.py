"""An ARN that repeats a log group's name by hand stops fitting when the name changes.

The policy goes on to allow writing to a log group that is gone; the task then has no log, or does
not start at all, and nothing in the template points from one to the other. With the group's own
attribute CloudFormation keeps them together, and makes the group first.

Write ``Fn::GetAtt: [LogGroup, Arn]`` instead of ``…:log-group:/ecs/web:*``.

Source: AWS CloudFormation Template Reference, AWS::Logs::LogGroup, return values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.rules.log_write_everywhere import WRITE
from ecs_blocks.checks.views.iam_statements import HOLDERS, Statement, allowed
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.texts import log_group_name, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(holder: Resource, template: Template) -> Iterator[Fault]:
    groups = template.of_type("AWS::Logs::LogGroup")
    names = {text_of(group.raw("LogGroupName")): group.id for group in groups}
    names.pop(None, None)

    def statement(one: Statement) -> Iterator[Fault]:
        if one.granting(*WRITE):
            for text in filter(None, map(text_of, one.resources())):
                group = names.get(log_group_name(text))
                if group:
                    yield Fault(f"{one.path}.Resource", f"the ARN of {group} is written by hand")

    yield from each(allowed(holder), statement)


CHECK = Check(
    id="EB605",
    title="ARN of a log group written by hand",
    types=HOLDERS,
    severity=Severity.INFO,
    fix="refer to the log group: Fn::GetAtt: [LogGroup, Arn]",
    judge=_judge,
)
