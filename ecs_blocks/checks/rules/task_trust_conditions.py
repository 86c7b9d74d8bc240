"""A trust policy that names only a service trusts it for whoever it works for.

``ecs-tasks.amazonaws.com`` assumes roles for every account of AWS. The conditions
``aws:SourceAccount`` and ``aws:SourceArn`` say that it may do so only for tasks of this account:
they close the confused-deputy hole, where someone else gets a service to use your role.

Add to the statement ``StringEquals: {aws:SourceAccount: <account>}`` and
``ArnLike: {aws:SourceArn: arn:aws:ecs:<region>:<account>:*}``.

Source: Amazon ECS Developer Guide, "Amazon ECS task IAM role", trust policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.iam_statements import ROLE, condition_keys, principals, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOCUMENT: Final = "AssumeRolePolicyDocument"
_SOURCES: Final = frozenset(
    {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}
)


def _judge(role: Resource, _template: Template) -> Iterator[Fault]:
    for statement in statements_of(_DOCUMENT, role.get(_DOCUMENT, {})):
        services = principals(statement, "Service")
        if not any(service.startswith("ecs-tasks.") for service in services):
            continue
        if not any(key.lower() in _SOURCES for key in condition_keys(statement)):
            yield Fault(f"{statement.path}.Condition", "ECS may assume the role for any account")


CHECK = Check(
    id="EB608",
    title="task role trusts ECS for any account",
    types=(ROLE,),
    severity=Severity.WARNING,
    fix="add conditions on aws:SourceAccount and aws:SourceArn to the trust policy",
    judge=_judge,
)
