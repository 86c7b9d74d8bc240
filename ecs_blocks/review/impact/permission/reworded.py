"""Policies that are written in another way and mean the same: what differs in them is noise.

All policies of a role count together, so one that is split up, or moved into a resource of its own,
is none.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.iam_statements import HOLDERS, ROLE
from ecs_blocks.review.impact.permission.grants import Grant, beyond, grants
from ecs_blocks.review.impact.permission.held import POLICY, Held, is_attached
from ecs_blocks.review.model import Action, Noise
from ecs_blocks.templates.resolve import normalised

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.checks.model import Resource, Template
    from ecs_blocks.review.model import PropertyChange, ResourceChange

_INLINE: Final = "Policies"
_TRUST: Final = "AssumeRolePolicyDocument"
_VERSION: Final = ".Version"
"""Another version of the language reads the same words in another way."""
_OF_VARIABLES: Final = "2012-10-17"
_VARIABLE: Final = re.compile(r"\$\{!?(?:[*?$]\}|[\w.-]+:(?!:))")
"""``${aws:username}``, in Fn::Sub ``${!aws:username}``. An older language takes it as it is written
(IAM User Guide, "IAM policy elements: Variables and tags").
"""


def without_rewording(
    changes: Iterable[ResourceChange], before: Template, after: Template
) -> tuple[ResourceChange, ...]:
    """*changes*, where what differs in an IAM policy that means the same is noise."""
    return tuple(_judged(one, before, after) for one in changes)


def _judged(change: ResourceChange, before: Template, after: Template) -> ResourceChange:
    sides = [one.resources.get(change.logical_id) for one in (before, after)]
    old, new = sides
    if change.action is not Action.MODIFY or change.type not in HOLDERS or not old or not new:
        return change
    same = {
        path
        for path in (_INLINE, _TRUST, POLICY)
        if any(_is_at(one, path) for one in change.properties)
        and _means_the_same(path, (old, before), (new, after))
    }
    properties = [
        replace(one, noise=Noise.ORDER)
        if _says_otherwise(one) and any(_is_at(one, path) for path in same)
        else one
        for one in change.properties
    ]
    return replace(change, properties=tuple(properties)) if same else change


def _says_otherwise(change: PropertyChange) -> bool:
    """Whether it is worded in another way; what only follows another resource is not."""
    return change.noise is None and change.before != change.after


def _is_at(change: PropertyChange, path: str) -> bool:
    found = change.path
    inside = found == path or found.startswith((f"{path}.", f"{path}["))
    return inside and not found.endswith(_VERSION)


_Side = tuple["Resource", "Template"]


def _means_the_same(path: str, old: _Side, new: _Side) -> bool:
    if path == _TRUST:
        return _are_equal(*(_of_document(one.properties.get(path)) for one, _ in (old, new)))
    roles = [list(_roles(*side)) for side in (old, new)]
    if roles[0] != roles[1]:
        return False
    if not roles[0]:
        return _are_equal(*(_of_document(one.properties.get(path)) for one, _ in (old, new)))
    return all(
        _are_equal(*(_of_role(role, template) for _, template in (old, new))) for role in roles[0]
    )


def _roles(holder: Resource, template: Template) -> Iterator[str]:
    """The roles of the template whose policies *holder* holds."""
    for role in template.of_type(ROLE):
        if role.id == holder.id or (holder.type != ROLE and is_attached(holder, role.id, template)):
            yield role.id


def _of_role(role: str, template: Template) -> list[Grant] | None:
    held = Held(role, template)
    is_clear = held.is_known and not any(map(_has_other_variables, held.documents))
    return held.grants if is_clear else None


def _of_document(document: Any) -> list[Grant] | None:
    try:
        return None if _has_other_variables(document) else grants(document)
    except Unknown:
        return None


def _has_other_variables(document: Any) -> bool:
    """Whether it has policy variables, and a version of the language that knows none."""
    if isinstance(document, dict) and document.get("Version") == _OF_VARIABLES:
        return False
    return _VARIABLE.search(json.dumps(normalised(document))) is not None


def _are_equal(old: list[Grant] | None, new: list[Grant] | None) -> bool:
    """Whether both are known, and each lies within the other."""
    if old is None or new is None:
        return False
    return not beyond(old, new) and not beyond(new, old)
