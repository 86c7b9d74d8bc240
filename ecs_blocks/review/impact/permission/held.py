"""What one role may do, by all policies on it: its own, and those attached to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.iam_statements import HOLDERS, ROLE
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.review.impact.permission.grants import Grant, grants
from ecs_blocks.review.impact.phrases import spoken
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from ecs_blocks.checks.model import Resource, Template

_ATTACHED: Final = ("Roles", "RoleName")
POLICY: Final = "PolicyDocument"


class Held:
    """What the policies of one role say on one side: the grants, and the policies of AWS."""

    def __init__(self, role: str, template: Template) -> None:
        self.grants: list[Grant] = []
        self.documents: list[object] = []
        self.managed: list[str] = []
        self.places: list[tuple[str, str]] = []
        self.is_known = True
        for holder in template.of_type(*HOLDERS):
            if holder.id == role:
                self._inline(holder, template)
            elif holder.type != ROLE and is_attached(holder, role, template):
                self._add(holder.properties.get(POLICY))
                self.places.append((holder.id, ""))

    def _inline(self, role: Resource, template: Template) -> None:
        self.places += [(role.id, "Policies"), (role.id, "ManagedPolicyArns")]
        policies = role.properties.get("Policies")
        if is_intrinsic(policies):
            self.is_known = False
            policies = []
        for one in as_items(policies):
            known = isinstance(one, dict) and not is_intrinsic(one)
            self._add(one.get(POLICY) if known else None, known=known)
        attached = role.properties.get("ManagedPolicyArns")
        if is_intrinsic(attached):
            self.is_known = False
            attached = []
        for one in as_items(attached):
            if template.target(one) is None:
                self.managed.append(spoken(one).rpartition("policy/")[2] or spoken(one))

    def _add(self, document: object, *, known: bool = True) -> None:
        self.documents.append(document)
        try:
            self.grants += grants(document)
        except Unknown:
            known = False
        self.is_known = self.is_known and known


def is_attached(holder: Resource, role: str, template: Template) -> bool:
    """Whether the policy *holder* hangs on the role of this id, named by either of the two."""
    if any(role in referred_names(holder.properties.get(key)) for key in _ATTACHED):
        return True
    body = template.resources.get(role)
    attached = body.properties.get("ManagedPolicyArns") if body is not None else None
    return any(holder.id in referred_names(one) for one in as_items(attached))
