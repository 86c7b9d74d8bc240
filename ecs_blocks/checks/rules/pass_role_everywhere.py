"""Who may pass every role can become every role.

``iam:PassRole`` on ``Resource: "*"`` together with any service that runs code (ECS, Lambda, EC2)
is the shortest way from a small permission to the largest role of the account.

Name the roles that may be passed, and say to whom with the condition ``iam:PassedToService``.

Source: AWS IAM User Guide, "Granting a user permissions to pass a role to an AWS service".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.iam_statements import (
    HOLDERS,
    Statement,
    allowed,
    without_whole_service,
)
from ecs_blocks.checks.views.parts import each

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(holder: Resource, template: Template) -> Iterator[Fault]:
    def statement(one: Statement) -> Iterator[Fault]:
        granted = any(without_whole_service([one.granting("iam:PassRole")]))
        if granted and one.is_everywhere(template):
            yield Fault(f"{one.path}.Resource", "every role of the account may be passed on")

    yield from each(allowed(holder), statement)


CHECK = Check(
    id="EB607",
    title="every role can be passed on",
    types=HOLDERS,
    severity=Severity.ERROR,
    fix="name the roles, and add the condition iam:PassedToService",
    judge=_judge,
)
