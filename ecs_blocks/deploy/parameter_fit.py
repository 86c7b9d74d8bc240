"""Whether a value fits a template's parameter, by the rules with which CloudFormation judges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.environment.read import MAX_BYTES
from ecs_blocks.parameter_types import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATTERNS: Final = {
    row.cloudformation: row for row in TYPES.values() if row.checked_by_aws and not row.many
}
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def misfit(declaration: Mapping[str, Any], value: str) -> str:
    """What is wrong with *value* for the parameter of this *declaration*; empty where it fits.

    Source: the CloudFormation user guide, "Parameters": a list is judged by each of its items.
    """
    if (size := len(value.encode())) > MAX_BYTES:
        return f"a parameter holds at most {MAX_BYTES:,} bytes; this has {size:,}"
    kind = str(declaration.get("Type", "String"))
    listed = re.fullmatch(r"List<(.+)>|CommaDelimitedList", kind)
    items = [one.strip() for one in value.split(",")] if listed else [value]
    kind = (listed[1] or kind) if listed else kind
    return next((wrong for one in items if (wrong := _item(declaration, kind, one))), "")


def _item(declaration: Mapping[str, Any], kind: str, value: str) -> str:
    row = _PATTERNS.get(kind)
    if row is not None and not row.matches(value):
        return f"expected {row.item}, like {row.example}"
    if kind == "Number" and not _NUMBER.fullmatch(value):
        return "expected a number"
    choices = [str(choice) for choice in declaration.get("AllowedValues", ())]
    if choices and value not in choices:
        return f"expected one of {', '.join(choices)}"
    pattern = str(declaration.get("AllowedPattern", ""))
    if not _matches(pattern, value):
        return f"it {declaration.get('ConstraintDescription', f'has to match {pattern}')}"
    if kind == "Number":
        return _range(declaration, "MinValue", "MaxValue", float(value), "")
    return _range(declaration, "MinLength", "MaxLength", len(value), " characters")


def _matches(pattern: str, value: str) -> bool:
    try:
        return not pattern or re.fullmatch(pattern, value) is not None
    except re.error:
        return True  # Java's own form, which CloudFormation will judge


def _range(declaration: Mapping[str, Any], low: str, high: str, size: float, unit: str) -> str:
    if low in declaration and size < float(declaration[low]):
        return f"expected at least {declaration[low]}{unit}"
    if high in declaration and size > float(declaration[high]):
        return f"expected at most {declaration[high]}{unit}"
    return ""
