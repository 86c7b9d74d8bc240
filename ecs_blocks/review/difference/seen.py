"""One side of a stack as it is compared: values put in, secrets marked, one spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from ecs_blocks.review.difference.secret import hidden_names, marked, with_secrets
from ecs_blocks.review.difference.spelling import Spelling
from ecs_blocks.review.side import Side
from ecs_blocks.templates.resolve import mapping

LOOP: Final = "Fn::ForEach"
"""The type of what stands for a loop: what it makes is known when CloudFormation has run it."""
NO_TYPE: Final = "(no type)"


class Member(Struct, frozen=True, kw_only=True):
    """A resource (or output) of one side.

    ``properties`` are in the one spelling; ``attributes`` is the rest of its body, the same.
    ``source`` is the body as the template has it, ``resolved`` with the values put in.
    """

    type: str
    properties: Any
    attributes: dict[str, Any]
    source: Any
    resolved: Any

    def attribute(self, name: str) -> str:
        """An attribute that is a text, DeletionPolicy; empty where it is not there."""
        found = self.attributes.get(name)
        return found if isinstance(found, str) else ""


class Seen(Struct, frozen=True, kw_only=True):
    """One side; empty where the stack is not there."""

    side: Side | None
    template: Mapping[str, Any]
    resources: dict[str, Member]
    outputs: dict[str, Member]
    written: Spelling
    """The one spelling of what the template itself says."""


def seen(side: Side | None) -> Seen:
    """*side* as it is compared."""
    if side is None:
        return Seen(
            side=None,
            template={},
            resources={},
            outputs={},
            written=Spelling(None, {}),
        )
    resolved = side.resolved()
    spelling = Spelling(side, resolved)
    hidden = {name for name in hidden_names(side) if side.value(name) is not None}

    def members(section: str) -> dict[str, Member]:
        written = mapping(side.unrolled.get(section))
        return {
            name: _member(
                name,
                with_secrets(body, written.get(name), hidden, side),
                written.get(name),
                spelling,
            )
            for name, body in mapping(resolved.get(section)).items()
        }

    return Seen(
        side=side,
        template=side.unrolled,
        resources=members("Resources"),
        outputs=members("Outputs"),
        written=Spelling(None, side.unrolled),
    )


def _member(name: str, body: Any, source: Any, spelling: Spelling) -> Member:
    if not isinstance(body, dict):
        kind = LOOP if name.startswith(LOOP) else NO_TYPE
        return Member(
            type=kind, properties=spelling(body), attributes={}, source=source, resolved=body
        )
    properties = body.get("Properties")
    attributes = {
        key: marked(spelling(value), name if key == "Value" else key)
        for key, value in body.items()
        if key not in ("Type", "Properties", "Condition") and value is not None
    }
    given = body.get("Type")
    return Member(
        type=given if isinstance(given, str) else NO_TYPE,
        properties={} if properties is None else marked(spelling(properties)),
        attributes=attributes,
        source=source,
        resolved=body,
    )
