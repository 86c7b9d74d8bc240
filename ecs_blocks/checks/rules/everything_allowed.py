"""A role that may do everything makes every bug in its application an incident of the account.

``Action: "*"`` or ``service:*`` on ``Resource: "*"`` allows what nobody thought of: deleting,
sharing with other accounts, changing the very policies that are meant to limit it. The same goes
for ``NotAction``, which allows everything but a list, and for AWS's AdministratorAccess,
PowerUserAccess and IAMFullAccess.

List the actions that the application calls, on the resources it calls them on.

Source: AWS IAM User Guide, "Security best practices: apply least-privilege permissions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.iam_statements import HOLDERS, ROLE, Statement, allowed
from ecs_blocks.checks.views.parts import each, parts
from ecs_blocks.checks.views.texts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADMINISTRATORS: Final = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
# These services have a handful of actions, none of which is limited to a resource.
_HARMLESS: Final = frozenset({"ssmmessages:*", "ec2messages:*"})


def _judge(holder: Resource, template: Template) -> Iterator[Fault]:
    def statement(one: Statement) -> Iterator[Fault]:
        everything = _everything(one)
        if everything and one.is_everywhere(template):
            yield Fault(f"{one.path}.Action", f"{everything} is allowed on every resource")

    yield from each(allowed(holder), statement)
    if holder.type == ROLE:
        for policy in parts(holder, "ManagedPolicyArns"):
            name = (text_of(policy.value) or "").rpartition(":aws:policy/")[2]
            if name in _ADMINISTRATORS:
                yield Fault(policy.path, f"{name} allows everything, or the way to it")


def _everything(statement: Statement) -> str | None:
    if "NotAction" in statement.body:
        return "everything but a list"
    for pattern in statement.patterns():
        if pattern == "*" or (pattern.endswith(":*") and pattern not in _HARMLESS):
            return pattern
    return None


CHECK = Check(
    id="EB602",
    title="policy allows everything",
    types=HOLDERS,
    severity=Severity.ERROR,
    fix="list the actions that are needed, on the resources that they are needed on",
    judge=_judge,
)
