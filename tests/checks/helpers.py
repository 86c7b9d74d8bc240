"""Ask one check about one small template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.checks.model import Platform, Template
from ecs_blocks.checks.run import judge

if TYPE_CHECKING:
    from ecs_blocks.checks.model import Check


def verdict(
    check: Check, resources: dict[str, Any], platform: Platform | None = None
) -> tuple[list[str], list[str]]:
    """(findings, not checked), each as ``Resource.Property``, of *check* alone."""
    found = judge(Template({"Resources": resources}, platform or Platform()), [check])
    return (
        [f"{f.resource}.{f.property}".rstrip(".") for f in found.findings if f.id == check.id],
        [f"{n.resource}.{n.property}" for n in found.not_checked],
    )


def resource(type_: str, **properties: Any) -> dict[str, Any]:
    """A resource as it stands in a template."""
    return {"Type": type_, "Properties": properties}
