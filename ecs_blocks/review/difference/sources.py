"""What the template itself says at a place, before the values are put in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.templates.resolve import is_intrinsic, mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SUB_NAME: Final = re.compile(r"\$\{(?!!)([^{}]+)\}")
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


def references_in(value: Any) -> Iterator[tuple[str, str]]:
    """(name, attribute) of everything that *value* refers to; the attribute of a Ref is empty."""
    if isinstance(value, list):
        for item in value:
            yield from references_in(item)
    elif isinstance(value, dict):
        match value:
            case {"Ref": str() as name} if len(value) == 1:
                yield name, ""
            case {"Fn::GetAtt": str() as text} if len(value) == 1:
                name, _, attribute = text.partition(".")
                yield name, attribute
            case {"Fn::GetAtt": [str() as name, *rest]} if len(value) == 1:
                yield name, ".".join(one for one in rest if isinstance(one, str))
            case {"Fn::Sub": content} if len(value) == 1:
                yield from _in_sub(content)
            case _:
                for item in value.values():
                    yield from references_in(item)


def _in_sub(content: Any) -> Iterator[tuple[str, str]]:
    text, given = content, None
    if isinstance(content, list) and content:
        text, given = content[0], content[1] if len(content) > 1 else None
    own = mapping(given)
    for found in SUB_NAME.findall(text) if isinstance(text, str) else ():
        if found not in own:
            name, _, attribute = found.strip().partition(".")
            yield name, attribute
    yield from references_in(list(own.values()))


def names_in(value: Any, template: Mapping[str, Any]) -> set[str]:
    """Every parameter and resource that decides *value*, conditions included."""
    found: set[str] = set()
    known = mapping(template.get("Conditions"))
    seen: set[str] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        found.update(name for name, _ in references_in(one))
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
