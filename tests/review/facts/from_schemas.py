"""The official resource schemas, as small as the review needs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cfnlint.data.schemas as bundled
import msgspec

from ecs_blocks.review.facts.types import FILE, ITEM, TypeFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS: Final = Path(bundled.__file__).parent
REGION: Final = "us-east-1"
DEEPEST: Final = 12


def schema_date() -> str:
    """Of what day the bundled schemas are."""
    date: str = json.loads((SCHEMAS / "version.json").read_text("utf-8"))["schema_date"]
    return date.partition("T")[0]


def all_facts() -> dict[str, TypeFacts]:
    """The facts of every type of the region that has most."""
    names = json.loads((SCHEMAS / "providers" / f"{REGION}.json").read_text("utf-8"))
    return {
        name: facts_of(json.loads((SCHEMAS / "resources" / f"{digest}.json").read_text("utf-8")))
        for name, digest in sorted(names.items())
    }


def facts_of(schema: dict[str, Any]) -> TypeFacts:
    """The facts of one schema."""
    read_only = set(_paths(schema, "readOnlyProperties"))
    identifier = _paths(schema, "primaryIdentifier")
    tagging = schema.get("tagging", {})
    tags = _path(tagging.get("tagProperty", "")) if tagging.get("taggable", True) else ""
    return TypeFacts(
        create_only=tuple(p for p in _paths(schema, "createOnlyProperties") if p not in read_only),
        conditional=_paths(schema, "conditionalCreateOnlyProperties"),
        unordered=tuple(sorted(set(_unordered(schema, schema, (), frozenset())))),
        identifier=() if read_only & set(identifier) else identifier,
        tags=tags,
        delete_first=schema.get("replacementStrategy") == "delete_then_create",
    )


def text() -> str:
    """The file: one type a line, so that a change of one is one line."""
    rows = ",\n".join(
        f"{json.dumps(name)}: {msgspec.json.encode(one).decode()}"
        for name, one in all_facts().items()
    )
    return f'{{"schemaDate": "{schema_date()}", "types": {{\n{rows}\n}}}}\n'


def write() -> None:
    """Write the file."""
    FILE.write_text(text(), encoding="utf-8")


def _paths(schema: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(sorted({_path(pointer) for pointer in schema.get(key, ())}))


def _path(pointer: str) -> str:
    """``/properties/A/items/properties/B`` as ``A.*.B``."""
    steps = [s for s in pointer.split("/") if s not in ("", "properties")]
    return ".".join(ITEM if step in ("items", ITEM) else step for step in steps)


def _unordered(
    node: Any, schema: dict[str, Any], path: tuple[str, ...], seen: frozenset[str]
) -> Iterator[str]:
    while isinstance(node, dict) and "$ref" in node:
        reference = node["$ref"]
        if reference in seen:
            return
        seen |= {reference}
        node = schema
        for step in reference.removeprefix("#/").split("/"):
            node = node.get(step, {})
    if not isinstance(node, dict) or len(path) > DEEPEST:
        return
    if node.get("insertionOrder") is False and ("items" in node or node.get("type") == "array"):
        yield ".".join(path)
    for name, inner in (node.get("properties") or {}).items():
        yield from _unordered(inner, schema, (*path, name), seen)
    inside = [*(node.get("patternProperties") or {}).values(), node.get("items")]
    for inner in inside:
        yield from _unordered(inner, schema, (*path, ITEM), seen)
    for key in ("oneOf", "anyOf", "allOf"):
        for inner in node.get(key) or ():
            yield from _unordered(inner, schema, path, seen)
