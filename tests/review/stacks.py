"""Small stacks to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.review.changes import Compared, compared
from ecs_blocks.review.side import Side

if TYPE_CHECKING:
    from ecs_blocks.review.model import PropertyChange, ResourceChange


def side(resources: dict[str, Any], /, **more: Any) -> Side:
    """One side with these resources. What *more* names that is a section goes into the template."""
    sections = {key: more.pop(key) for key in list(more) if key[0].isupper()}
    return Side(stack_name="hoge-prod", template={**sections, "Resources": resources}, **more)


def body(type_: str, /, **properties: Any) -> dict[str, Any]:
    """A resource with these properties."""
    return {"Type": f"AWS::{type_}", "Properties": properties}


def changes(before: Side | None, after: Side | None) -> dict[str, ResourceChange]:
    """What differs, by logical id."""
    return {one.logical_id: one for one in compared(before, after).resources}


def only(found: Compared | dict[str, ResourceChange]) -> PropertyChange:
    """The one property that differs, of the one resource."""
    rows = found.values() if isinstance(found, dict) else found.resources
    [change] = rows
    [row] = change.properties
    return row


def property_change(before: Any, after: Any, type_: str = "Custom::It") -> list[PropertyChange]:
    """What differs of one resource whose properties are *before* and *after*."""
    sides = [side({"It": {"Type": type_, "Properties": one}}) for one in (before, after)]
    return [row for one in changes(*sides).values() for row in one.properties]
