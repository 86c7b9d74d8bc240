"""What the template itself says at a place, before the values are put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.templates.references import references
from ecs_blocks.templates.resolve import is_intrinsic, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Step = str | int
"""A key of a mapping, or the place in a list."""


def source_at(source: Any, resolved: Any, steps: Sequence[Step]) -> Any:
    """What *source* says at *steps*, which lead through *resolved*.

    The nearest thing around it, where an intrinsic function made what is there.
    """
    for step in steps:
        if is_intrinsic(source):
            return source
        if isinstance(source, dict) and isinstance(resolved, dict) and isinstance(step, str):
            if step not in source:
                return None
            source, resolved = source[step], resolved.get(step)
        elif isinstance(source, list) and isinstance(resolved, list) and isinstance(step, int):
            if len(source) != len(resolved) or step >= len(source):
                return source
            source, resolved = source[step], resolved[step]
        else:
            return source  # a policy of one statement, or JSON in a text
    return source


def names_in(value: Any, template: Mapping[str, Any]) -> set[str]:
    """Every parameter and resource that decides *value*, conditions included."""
    found: set[str] = set()
    known = mapping(template.get("Conditions"))
    seen: set[str] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        found.update(name for name, _ in references(one))
        for name in _conditions_in(one):
            if name not in seen:
                seen.add(name)
                waiting.append(known.get(name))
    return found


def _conditions_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _conditions_in(item)
    elif isinstance(value, dict):
        match value:
            case {"Fn::If": [str() as name, *_]}:
                yield name
            case {"Condition": str() as name} if len(value) == 1:
                yield name
        for item in value.values():
            yield from _conditions_in(item)
