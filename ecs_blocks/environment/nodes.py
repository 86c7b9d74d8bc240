"""The tree that a YAML file is read into, and how its parts are named in a message."""

from __future__ import annotations

from typing import Final, TypeAlias

import yaml
from msgspec import Struct

from ecs_blocks.environment.credentials import credential_in

MAX_SHOWN: Final = 1_000
MAX_NUMBER: Final = 60
"""Characters of a text, and of a number, beyond which nothing more is said of it."""


class Scalar(Struct, frozen=True):
    """One value without parts. ``kind`` is what YAML 1.1 takes it for: str, int, null and so on.

    A list or mapping that a lookup's tag stands before is one too, of the kind seq or map: nobody
    reads into it.
    """

    line: int
    column: int
    text: str
    plain: bool = False
    kind: str = "str"
    tag: str | None = None
    size: int = 1
    depth: int = 1

    @property
    def is_collection(self) -> bool:
        """Whether it is a list or mapping behind a tag."""
        return self.kind in ("seq", "map")


class Sequence(Struct, frozen=True):
    """A list."""

    line: int
    column: int
    items: tuple[Node, ...]
    size: int
    depth: int


class Mapping(Struct, frozen=True):
    """Keys and values in the order of the file, merged keys last. Keys are unique."""

    line: int
    column: int
    pairs: tuple[tuple[Scalar, Node], ...]
    size: int
    depth: int

    def key(self, text: str) -> Scalar | None:
        """The key itself, which knows where it stands."""
        return next((key for key, _ in self.pairs if key.text == text), None)

    def get(self, text: str) -> Node | None:
        """The value of a key, or None."""
        return next((value for key, value in self.pairs if key.text == text), None)


Node: TypeAlias = Scalar | Sequence | Mapping


class Refused(Exception):  # noqa: N818 - becomes a Problem where the place is known
    """The value does not fit; ``at`` is the node at fault, where it is a part of the value."""

    def __init__(self, message: str, at: Node | None = None) -> None:
        super().__init__(message)
        self.at = at


def is_empty(node: Node) -> bool:
    """Whether nothing is written behind the key: not even ``null``."""
    return isinstance(node, Scalar) and node.kind == "null" and node.text == ""


def describe(node: Node) -> str:
    """What a node is, for a message: "a mapping", "a list", "the number 5", 'text "x"'."""
    match node:
        case Mapping() | Scalar(kind="map"):
            return "a mapping"
        case Sequence() | Scalar(kind="seq"):
            return "a list"
        case Scalar(kind="null"):
            return "nothing"
        case Scalar(kind="str"):
            return f'text "{shortened(node.text)}"'
        case Scalar(kind="int" | "float"):
            return f"the number {shortened(node.text)}"
        case Scalar(kind="timestamp"):
            return f"the date {shortened(node.text)}"
    return shortened(node.text)


def shortened(text: str, limit: int = 60) -> str:
    """*text* on one line, cut at *limit* characters; what cannot be seen is written out."""
    if credential_in("", text[:MAX_SHOWN]):
        return "(a credential)"
    line = "".join(c if c.isprintable() else _visible(c) for c in text[:MAX_SHOWN])
    return line if len(line) <= limit else line[: limit - 3] + "…"


def _visible(character: str) -> str:
    return " " if character.isspace() else character.encode("unicode_escape").decode()


def meaning(scalar: Scalar) -> str:
    """What YAML makes of a plain scalar, for a message: ``true``, ``the number 1342``."""
    match scalar.kind:
        case "bool":
            return "true" if scalar.text.lower() in ("y", "yes", "true", "on") else "false"
        case "null":
            return "nothing"
        case "timestamp":
            return "a date"
        case "int" | "float" if len(scalar.text) > MAX_NUMBER:
            return "a number"
        case "int" | "float":
            try:
                return f"the number {shortened(str(yaml.safe_load(scalar.text)))}"
            except (ValueError, yaml.YAMLError):
                return "a number"
    return f"a {scalar.kind}"
