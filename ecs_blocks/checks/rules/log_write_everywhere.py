"""A task that may write to every log group can put words into anyone's log.

``Resource: "*"``, ``log-group:*`` and a wildcard inside the name (``log-group:/ecs/*``) let one
application write into another's log, and drown what is looked for there.

Name the log group: ``Fn::GetAtt: [LogGroup, Arn]``, which ends in ``:*`` for its streams. That
last wildcard is right and is not reported; nor is ``log-group:/ecs/web:*``.

Source: AWS Service Authorization Reference, Amazon CloudWatch Logs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.iam_statements import (
    HOLDERS,
    Statement,
    allowed,
    without_whole_service,
)
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.texts import HOLE, log_group_name, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITE: Final = ("logs:PutLogEvents", "logs:CreateLogStream")


def _judge(holder: Resource, template: Template) -> Iterator[Fault]:
    def statement(one: Statement) -> Iterator[Fault]:
        granted = [one.granting(action) for action in WRITE]
        if not any(granted) or one.is_narrowed():
            return
        own = any(without_whole_service(granted))
        wide = next(filter(_many_groups, map(text_of, one.resources())), None)
        if wide and (own or not one.is_everywhere(template)):
            yield Fault(f"{one.path}.Resource", f"{wide} is more than one log group")
        elif not wide and own and one.is_everywhere(template):
            yield Fault(f"{one.path}.Resource", "logs may be written to every log group")

    yield from each(allowed(holder), statement)


def _many_groups(text: str | None) -> bool:
    name = log_group_name(text or "")
    return name is not None and any(sign in HOLE.sub("", name) for sign in "*?")


CHECK = Check(
    id="EB604",
    title="logs can be written to many log groups",
    types=HOLDERS,
    severity=Severity.WARNING,
    fix="allow it on the ARN of the log group: Fn::GetAtt: [LogGroup, Arn]",
    judge=_judge,
)
