"""A role that everyone may assume is a role that everyone has.

``Principal: "*"`` in a trust policy lets any account of AWS assume the role; so does
``NotPrincipal`` with ``Allow``, which means everyone but a few.

Name the service, the account or the role that is meant. Where the callers are many, a condition
such as ``aws:PrincipalOrgID`` limits them.

Source: AWS IAM User Guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.iam_statements import ROLE, principals, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOCUMENT: Final = "AssumeRolePolicyDocument"


def _judge(role: Resource, _template: Template) -> Iterator[Fault]:
    for statement in statements_of(_DOCUMENT, role.get(_DOCUMENT, {})):
        everyone = "NotPrincipal" in statement.body or any(
            "*" in principals(statement, kind) for kind in ("AWS", "Service", "Federated")
        )
        if everyone and not statement.is_narrowed():
            yield Fault(f"{statement.path}.Principal", "anyone at all may assume the role")


CHECK = Check(
    id="EB609",
    title="role trusts everyone",
    types=(ROLE,),
    severity=Severity.ERROR,
    fix="name who may assume the role",
    judge=_judge,
)
