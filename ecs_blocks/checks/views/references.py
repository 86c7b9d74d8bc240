"""What refers to what in a template, and so what CloudFormation makes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.templates.references import referred_names

if TYPE_CHECKING:
    from ecs_blocks.checks.model import Template


def made_before(template: Template, identifier: str) -> set[str]:
    """Every resource that exists before *identifier*: what it depends on, and so on."""
    found: set[str] = set()
    waiting = [identifier]
    while waiting:
        resource = template.resources.get(waiting.pop())
        if resource is None:
            continue
        needed = {one for one in as_items(resource.body.get("DependsOn")) if isinstance(one, str)}
        needed.update(referred_names(resource.properties))
        waiting.extend(needed - found)
        found |= needed
    return found
