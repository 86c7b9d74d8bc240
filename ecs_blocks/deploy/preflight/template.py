"""Read a template whose values are put in; what only CloudFormation will know stays a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def text(value: object) -> str:
    """*value* where it is known text; nothing where only CloudFormation will know it."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> list[str]:
    """The known texts of a list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def items(value: object) -> list[dict[str, Any]]:
    """The mappings of a list; none where it is not known yet, as in an undecided ``Fn::If``."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def part(value: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """The mapping at the path *keys*, empty where there is none."""
    found: Any = value
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def is_true(value: object) -> bool:
    """Whether a property is true, as CloudFormation takes it: ``"true"`` counts."""
    return value is True or value == "true"
