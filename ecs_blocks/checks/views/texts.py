"""Texts with references in them, in one form however they were written.

In what ``text_of`` gives, every reference stands as ``${Name}`` or ``${Name.Attribute}``, whether
it was written with Fn::Sub, with Fn::Join or bare. So two spellings of one ARN compare equal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Unknown
from ecs_blocks.templates.resolve import scalar_text

if TYPE_CHECKING:
    from ecs_blocks.checks.model import Template

HOLE: Final = re.compile(r"\$\{([^{}]*)\}")
"""A reference inside a text."""

_UNREADABLE: Final = "${?}"
COLON: Final = re.compile(r":(?![^{}]*\})")
"""A colon that is not inside a reference."""


def text_of(value: Any) -> str | None:
    """The text that *value* will be, references as ``${Name}``; None where that cannot be said."""
    text: str | None = None
    match value:
        case str():
            text = value
        case bool() | int() | float():
            text = scalar_text(value)
        case {"Ref": str() as name} | {"Fn::GetAtt": str() as name}:
            text = f"${{{name}}}"
        case {"Fn::GetAtt": [str() as name, str() as attribute]}:
            text = f"${{{name}.{attribute}}}"
        case {"Fn::Sub": str() as written}:
            text = written
        case {"Fn::Sub": [str() as written, dict() as variables]}:
            text = HOLE.sub(lambda found: _variable(found, variables), written)
        case {"Fn::Join": [str() as separator, list() as parts]}:
            text = separator.join(text_of(part) or _UNREADABLE for part in parts)
    return text


def _variable(found: re.Match[str], variables: dict[str, Any]) -> str:
    name = found.group(1)
    return (text_of(variables[name]) or _UNREADABLE) if name in variables else found.group(0)


def settled(value: Any, template: Template, path: str) -> str:
    """As ``text_of``; empty where there is nothing.

    Raises:
        Unknown: the whole text comes from outside this template (*path* says from where).
    """
    if value is None:
        return ""
    text = text_of(value)
    reference = sole_reference(value)
    if text is None or (reference is not None and not _is_ours(reference[0], template)):
        raise Unknown(path)
    return text


def _is_ours(name: str, template: Template) -> bool:
    return name in template.resources or name.startswith("AWS::")


def sole_reference(value: object) -> tuple[str, str] | None:
    """(logical id, attribute) where *value* is one reference and nothing else; "Ref" for a Ref."""
    text = text_of(value)
    whole = HOLE.fullmatch(text) if text else None
    if whole is None or whole.group(1).startswith("!"):
        return None
    name, _, attribute = whole.group(1).partition(".")
    return name, attribute or "Ref"


def arn_parts(text: str) -> list[str]:
    """The six parts of an ARN, the last with the colons that are its own; fewer for a non-ARN."""
    return COLON.split(text, maxsplit=5)


def log_group_name(arn: str) -> str | None:
    """The name of the log group in the ARN of one, or of its streams; None for other texts."""
    found = COLON.split(arn, maxsplit=7)
    if len(found) < 6 or found[2] != "logs":
        return None
    # Less than "log-group:" is in an ARN like arn:aws:logs:*:*:*, which means every group.
    return found[6] if found[5] == "log-group" and len(found) > 6 else found[5]
