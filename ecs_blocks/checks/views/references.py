"""What refers to what in a template, and so what CloudFormation makes first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import referenced
from ecs_blocks.checks.views.parts import as_items, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Template

_SUB_NAME: Final = re.compile(r"\$\{([A-Za-z0-9]+)")


def references(value: Any) -> Iterator[str]:
    """Every logical id that Ref, GetAtt or Sub names somewhere inside *value*."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        name = referenced(value)
        if name is not None:
            yield name
        if "Fn::Sub" in value:
            yield from _SUB_NAME.findall(literal(value))
        for item in value.values():
            yield from references(item)


def made_before(template: Template, identifier: str) -> set[str]:
    """Every resource that exists before *identifier*: what it depends on, and so on."""
    found: set[str] = set()
    waiting = [identifier]
    while waiting:
        resource = template.resources.get(waiting.pop())
        if resource is None:
            continue
        needed = {one for one in as_items(resource.body.get("DependsOn")) if isinstance(one, str)}
        needed.update(references(resource.properties))
        waiting.extend(needed - found)
        found |= needed
    return found
