"""Who may hand a role on: whatever runs with it may then do what the role may.

Only within the template: who else of the account may pass a role is not in it.

Source: AWS IAM User Guide, "Grant a user permissions to pass a role to an AWS service".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.iam_statements import ROLE
from ecs_blocks.review.impact.permission.grants import Grant
from ecs_blocks.review.impact.permission.held import Held
from ecs_blocks.review.impact.permission.words import readable
from ecs_blocks.review.impact.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Template

_ACTION: Final = "iam:passrole"


def passers(role: str, template: Template) -> tuple[str, ...]:
    """A line for each other role of the template that may pass *role*, and under which tests."""
    return tuple(
        f"{other.id} may pass it on (iam:PassRole{condition})"
        for other in template.of_type(ROLE)
        if other.id != role
        for condition in _conditions(role, Held(other.id, template).grants)
    )


def _conditions(role: str, grants: list[Grant]) -> Iterator[str]:
    """How *role* may be passed by these grants, each way once; nothing where it may not."""
    found = [one for one in grants if _is_of_passing(one, role)]
    if any(not one.allow and not one.condition for one in found):
        return
    for tests in dict.fromkeys(one.condition for one in found if one.allow):
        yield f", if {listed(sorted(map(readable, tests)))}" if tests else ""


def _is_of_passing(grant: Grant, role: str) -> bool:
    asked = Grant(
        allow=grant.allow,
        action=_ACTION,
        resource=f"${{{role}.Arn}}",
        condition=grant.condition,
    )
    return asked.lies_within(grant)
