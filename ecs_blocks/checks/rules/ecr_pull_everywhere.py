"""A task that may pull every image may read every application of the account.

Images hold code, and more often than planned the configuration that was baked in with it. Only
``ecr:GetAuthorizationToken`` needs ``Resource: "*"``; it gives no access to any image by itself.

Put the token into a statement of its own, and the other three actions on the ARN of the repository
(``Fn::GetAtt: [Repository, Arn]``).

Source: AWS Service Authorization Reference, Amazon Elastic Container Registry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.iam_statements import HOLDERS, granted_everywhere

if TYPE_CHECKING:
    from collections.abc import Iterator

_PULL: Final = (
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchCheckLayerAvailability",
)


def _judge(holder: Resource, template: Template) -> Iterator[Fault]:
    yield from granted_everywhere(holder, template, _PULL, "every repository")


CHECK = Check(
    id="EB603",
    title="images of every repository can be pulled",
    types=HOLDERS,
    severity=Severity.WARNING,
    fix="allow the pull on the ARN of the repository, and only the token on *",
    judge=_judge,
)
