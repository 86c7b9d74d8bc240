"""A role that may read every secret makes one broken application a breach of all of them.

``secretsmanager:GetSecretValue``, ``ssm:GetParameters`` and ``kms:Decrypt`` on ``Resource: "*"``
(or ``secret:*``, ``parameter/*``, ``key/*``) give the database passwords of every other
application to whoever takes over this one.

Name the secrets, parameters and keys; a prefix (``parameter/hoge/*``) will do. Where the set is not
known, a condition on a tag or on ``kms:ViaService`` narrows it.

Source: AWS Secrets Manager User Guide, "Best practices: limit access to your secrets"; AWS KMS
Developer Guide, "Best practices for IAM policies".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.iam_statements import HOLDERS, granted_everywhere

if TYPE_CHECKING:
    from collections.abc import Iterator

_READ: Final = (
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "kms:Decrypt",
)


def _judge(holder: Resource, template: Template) -> Iterator[Fault]:
    yield from granted_everywhere(holder, template, _READ, "everything there is")


CHECK = Check(
    id="EB606",
    title="every secret can be read",
    types=HOLDERS,
    severity=Severity.ERROR,
    fix="name the secrets, parameters and keys, or a prefix of them",
    judge=_judge,
)
