"""What is known of a resource type, read when it is first asked for (under a millisecond)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from ecs_blocks.review.facts.beside import (
    CONDITIONAL,
    CREATE_ONLY,
    NAMES_ARE_REFS,
    UNORDERED,
)
from ecs_blocks.review.model import Replacement

FILE: Final = Path(__file__).with_name("types.json")
ITEM: Final = "*"
"""Stands in a path for an item of a list, and for a key that the user chooses."""


class TypeFacts(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One type, in the words of its schema. Paths are dotted, ``Rules.*.Prefix``.

    ``create_only`` cannot be changed in place; of ``conditional`` the deploy decides. The order of
    the lists in ``unordered`` means nothing. ``identifier`` is the primary identifier, where all of
    it is written in a template; ``tags`` the property with the tags. ``delete_first``: to replace
    one, CloudFormation deletes the old one before it makes the new one.
    """

    create_only: tuple[str, ...] = ()
    conditional: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    identifier: tuple[str, ...] = ()
    tags: str = ""
    delete_first: bool = False

    def on_change(self, path: tuple[str, ...]) -> Replacement:
        """What a change of the property at *path*, or of a part of it, leads to."""
        if any(_above(one, path) for one in self.create_only):
            return Replacement.YES
        if any(_above(one, path) for one in self.conditional):
            return Replacement.MAYBE
        return Replacement.NO

    def below(self, path: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """What cannot be changed in place and lies below *path*, as paths from there."""
        found = (tuple(one.split(".")) for one in self.create_only)
        return tuple(one[len(path) :] for one in found if one[: len(path)] == path)

    @property
    def ref(self) -> str:
        """The property that a Ref to it gives, where it is in the template; empty elsewhere."""
        [name, *more] = self.identifier or ("",)
        return name if name in NAMES_ARE_REFS and not more else ""

    def is_unordered(self, path: tuple[str, ...]) -> bool:
        """Whether the list at *path* is a set."""
        return ".".join(path) in self.unordered


def _above(one: str, path: tuple[str, ...]) -> bool:
    steps = tuple(one.split("."))
    return path[: len(steps)] == steps


class _File(msgspec.Struct, frozen=True):
    types: dict[str, msgspec.Raw]


@cache
def _types() -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(FILE.read_bytes(), type=_File).types


@cache
def facts(resource_type: str) -> TypeFacts | None:
    """What is known of a type; None of a custom resource, and of one that AWS has no schema for."""
    found = _types().get(resource_type)
    if found is None:
        return None
    schema = msgspec.json.decode(found, type=TypeFacts)
    return msgspec.structs.replace(
        schema,
        create_only=schema.create_only + CREATE_ONLY.get(resource_type, ()),
        conditional=schema.conditional + CONDITIONAL.get(resource_type, ()),
        unordered=schema.unordered + UNORDERED.get(resource_type, ()),
    )
