"""The JSON Schema of an app's environment.yaml, for editors: from the declarations, no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.environment.by_tags import BY_TAGS
from ecs_blocks.environment.deploy_settings import DEFAULT
from ecs_blocks.environment.fields import MISSING, SameAs
from ecs_blocks.naming import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.environment.fields import Field

_LOOKUP: Final = {
    "description": "!StackOutput app.Output, or !Ssm /name",
    "type": "string",
    "pattern": r"^(?:[a-z][a-z0-9-]*\.[A-Z][A-Za-z0-9]*|/[A-Za-z0-9_./-]+)$",
}
_TAGS: Final = {"type": "string", "pattern": r"^[^=,*?]+=[^,*?]+(?:,[^=,*?]+=[^,*?]+)*$"}
_TYPES: Final = {str: "string", int: "integer", float: "number", bool: "boolean"}


def schema_of(
    app: str,
    fields: Mapping[str, Field],
    *,
    environments: Iterable[str],
    locked: frozenset[str],
    given: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The JSON Schema (2020-12) of *app*'s environment.yaml.

    *environments* are those that platform.yaml knows, *locked* the keys that an app cannot set,
    *given* the keys that platform.yaml gives. Which keys are missing depends on two files and the
    default, which a schema of one file cannot see; the command says it.
    """
    keys = {f.key: _property(f) for f in fields.values() if f.settable and f.key not in locked}
    needed = [
        f.key
        for f in fields.values()
        if f.required and f.key in keys and f.key not in given and f.spec.pseudo is None
    ]
    values = {"$ref": "#/$defs/values"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"environment.yaml of {app}",
        "type": "object",
        "additionalProperties": False,
        "required": ["parameters"],
        "properties": {
            "images": {
                "description": "the repositories that this app builds and may run, without a tag",
                "type": "array",
                "items": {"type": "string"},
            },
            "parameters": {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": {
                    DEFAULT: {"description": "for every environment", **values},
                    **{name: dict(values) for name in environments},
                },
            },
        },
        "$defs": {
            "values": {
                "description": "needed in each environment, here or under default: "
                + (", ".join(needed) or "nothing"),
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": keys,
            }
        },
    }


def _property(field: Field) -> dict[str, Any]:
    spec, row = field.spec, field.type
    item: dict[str, Any] = {"type": _TYPES[row.scalar]}
    if field.pattern:
        item["pattern"] = f"^(?:{field.pattern})$"
    if spec.choices:
        item["enum"] = list(spec.choices)
    if spec.ge is not None:
        item["minimum"] = spec.ge
    if spec.le is not None:
        item["maximum"] = spec.le
    if row.many:
        item = {"type": "array", "items": item, "uniqueItems": True}
        if spec.min_items:
            item["minItems"] = spec.min_items
    found: dict[str, Any] = {}
    if spec.help:
        found["description"] = spec.help
    if isinstance(spec.default, SameAs):
        note = f"by default the same as {key_of(spec.default.field)}"
        found["description"] = f"{spec.help}; {note}" if spec.help else note
    elif spec.default is not MISSING:
        found["default"] = spec.default
    if row.example:
        found["examples"] = [[row.example] if row.many else row.example]
    if field.is_shape or field.spec.pseudo or item == {"type": "string"}:
        return {**found, **item}
    return {**found, "anyOf": [item, _LOOKUP, *_by_tags(field)]}


def _by_tags(field: Field) -> list[dict[str, Any]]:
    """What may stand behind ``!Vpc`` and the like, where the value is such a thing."""
    return [
        {"description": f"!{kind} Key=value, Key=value: found by its tags", **_TAGS}
        for kind, row in BY_TAGS.items()
        if row is field.type
    ]
