"""What a part of a template refers to."""

from __future__ import annotations

import re
from typing import Any, Final

_IN_SUB: Final = re.compile(r"\$\{(?!!)([^{}]+)\}")


def references(value: Any) -> list[tuple[str, str]]:
    """(name, attribute) of every Ref, GetAtt and Sub in *value*, at any depth, as they stand.

    A name is that of a resource, a parameter or a pseudo parameter. The attribute of a Ref is
    empty. What a Sub defines for itself is no reference.
    """
    found: list[tuple[str, str]] = []
    _gather(value, found)
    return found


def referred_names(value: Any) -> list[str]:
    """The names alone."""
    return [name for name, _ in references(value)]


def _gather(value: Any, found: list[tuple[str, str]]) -> None:
    if isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)):
                _gather(item, found)
    elif isinstance(value, dict):
        if len(value) == 1 and _is_one(value, found):
            return
        for item in value.values():
            if isinstance(item, (dict, list)):
                _gather(item, found)


def _is_one(function: dict[Any, Any], found: list[tuple[str, str]]) -> bool:
    match function:
        case {"Ref": str() as name}:
            found.append((name, ""))
        case {"Fn::GetAtt": str() as text}:
            name, _, attribute = text.partition(".")
            found.append((name, attribute))
        case {"Fn::GetAtt": [str() as name, *rest]}:
            found.append((name, ".".join(one for one in rest if isinstance(one, str))))
            _gather(rest, found)
        case {"Fn::Sub": str() as text}:
            found += _in_sub(text, {})
        case {"Fn::Sub": [str() as text, dict() as own]}:
            found += _in_sub(text, own)
            _gather(own, found)
        case _:
            return False
    return True


def _in_sub(text: str, own: dict[str, Any]) -> list[tuple[str, str]]:
    names = [one.strip() for one in _IN_SUB.findall(text)]
    parts = [one.partition(".") for one in names if one not in own]
    return [(name, attribute) for name, _, attribute in parts]
