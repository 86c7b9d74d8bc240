"""A YAML file as a tree that remembers where everything stands.

PyYAML's events are read and a small tree is built from them here, instead of letting PyYAML
compose one: so every value keeps its line and column, duplicate keys and YAML's surprises can be
reported rather than obeyed, and what would exhaust memory or the C stack (a file of 200,000
``[``, an anchor bomb) is refused while it is being read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml
from yaml.resolver import Resolver

from ecs_blocks.environment.nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    describe,
    meaning,
    shortened,
)
from ecs_blocks.environment.read_lookup import EXAMPLES, lookup_in
from ecs_blocks.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 20
MAX_EXPANDED: Final = 10_000
"""How many values a file may hold once its aliases are written out."""

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, file: str, *, max_depth: int = MAX_DEPTH) -> tuple[Node | None, list[Problem]]:
    """Read the file at *path*; problems name it as *file*. The tree is None where there is none."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return None, [Problem(file, 0, 0, "", f"cannot be read: {error.strerror}")]
    if len(content) > MAX_BYTES:
        limit = f"the file is over {MAX_BYTES:,} bytes; it is meant to hold settings"
        return None, [Problem(file, 0, 0, "", limit)]
    return parse(content, file, max_depth=max_depth)


def parse(
    content: bytes, file: str, *, max_depth: int = MAX_DEPTH
) -> tuple[Node | None, list[Problem]]:
    """As ``read``, of what has been read already."""
    try:
        text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        message = "the file is not UTF-8 text; save it as UTF-8"
        return None, [Problem(file, line, column, "", message)]
    composer = _Composer(text, file, max_depth)
    try:
        node = composer.document()
    except _Stop as stop:
        return None, [*composer.problems, stop.problem]
    except yaml.YAMLError as error:
        return None, [*composer.problems, *_syntax(error, text, file)]
    return node, composer.problems


class _Stop(Exception):  # noqa: N818 - carries the problem at which reading has to end
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Composer:
    """Builds the tree of one file from the events of the YAML parser."""

    def __init__(self, text: str, file: str, max_depth: int) -> None:
        self.file = file
        self._max_depth = max_depth
        self.problems: list[Problem] = []
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._anchors: dict[str, Node] = {}
        self._expanded = 0

    def document(self) -> Node | None:
        next(self._events)  # the stream's start
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        node = self._node(next(self._events), 1)
        next(self._events)  # the document's end
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._stop(event, "a second document begins here; the file holds one")
        return node

    def _stop(self, event: Any, message: str) -> None:
        mark = event.start_mark
        raise _Stop(Problem(self.file, mark.line + 1, mark.column + 1, "", message))

    def _node(self, event: Any, depth: int) -> Node:
        if depth > self._max_depth:
            self._stop(event, f"values are nested deeper than {self._max_depth}")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0]
            kind = _kind(event.value) if plain else "str"
            tag = event.tag if event.tag and event.tag != "!" else None
            node = Scalar(line, column, event.value, plain=plain, kind=kind, tag=tag)
        else:
            is_list = isinstance(event, yaml.SequenceStartEvent)
            read = self._sequence if is_list else self._mapping
            node = read(line, column, depth)
            if event.tag in EXAMPLES:
                node = Scalar(line, column, "", kind="seq" if is_list else "map", tag=event.tag)
            elif event.tag not in (None, "!"):
                message = f"the tag {event.tag} cannot stand before a list or a mapping"
                self.problems.append(Problem(self.file, line, column, "", message))
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any, depth: int) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            self._stop(event, f"*{event.anchor}: there is no anchor &{event.anchor} before this")
            raise AssertionError
        self._expanded += node.size
        if self._expanded > MAX_EXPANDED or depth + node.depth > self._max_depth + 1:
            self._stop(
                event,
                f"*{event.anchor}: with its aliases written out the file holds more than "
                f"{MAX_EXPANDED:,} values, or nests deeper than {self._max_depth}",
            )
        return node

    def _sequence(self, line: int, column: int, depth: int) -> Sequence:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Sequence(line, column, tuple(items), *_extent(items))

    def _mapping(self, line: int, column: int, depth: int) -> Mapping:
        own: dict[str, tuple[Scalar, Node]] = {}
        merged: dict[str, tuple[Scalar, Node]] = {}
        seen: set[str] = set()
        nodes: list[Node] = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            nodes.append(value)
            if not isinstance(key, Scalar):
                self._problem(key, f"a key is text, not {describe(key)}")
            elif key.tag is not None:
                self._problem(key, f"the tag {key.tag} cannot stand before a key")
            elif key.kind == "merge":
                if "<<" in seen:
                    self._problem(key, "<<: duplicate key; merge a list: <<: [*one, *other]")
                seen.add("<<")
                for pair in self._merged(key, value):
                    merged.setdefault(pair[0].text, pair)
            elif key.kind != "str":
                way = f'write it in quotes: "{shortened(key.text)}"'
                self._problem(key, f"YAML reads this key as {meaning(key)}; {way}")
            elif key.text in own:
                first = own[key.text][0]
                self._problem(key, f"{key.text}: duplicate key; it stands in line {first.line} too")
            else:
                own[key.text] = (key, value)
        pairs = (*own.values(), *(pair for name, pair in merged.items() if name not in own))
        return Mapping(line, column, pairs, *_extent(nodes))

    def _merged(self, key: Scalar, value: Node) -> Iterator[tuple[Scalar, Node]]:
        for source in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(source, Mapping):
                yield from source.pairs
            else:
                self._problem(key, f"<<: merges a mapping, not {describe(source)}")

    def _problem(self, at: Node, message: str) -> None:
        self.problems.append(Problem(self.file, at.line, at.column, "", message))


def _extent(nodes: list[Node]) -> tuple[int, int]:
    """Size and depth of what holds *nodes*."""
    return 1 + sum(n.size for n in nodes), 1 + max((n.depth for n in nodes), default=0)


def _kind(text: str) -> str:
    """What YAML 1.1 takes plain *text* for."""
    resolvers: Any = Resolver.yaml_implicit_resolvers
    for tag, pattern in [*resolvers.get(text[:1], ()), *resolvers.get(None, ())]:
        if pattern.match(text):
            return str(tag).rpartition(":")[2]
    return "str"


def _syntax(error: yaml.YAMLError, text: str, file: str) -> list[Problem]:
    """A parser's complaint, at the place where the user can mend it."""
    lines = text.splitlines()
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    complaint = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None) or ""
    tabs = [n for n, line in enumerate(lines, 1) if "\t" in line[: len(line) - len(line.lstrip())]]
    near = {mark.line, mark.line + 1} if mark is not None else set()
    if near.intersection(tabs):
        message = "a tab stands in the indentation; YAML is indented with spaces only"
        return [Problem(file, line, lines[line - 1].index("\t") + 1, "", message) for line in tabs]
    if mark is None:
        position = getattr(error, "position", None)
        if isinstance(position, int):
            before = text.encode()[:position]
            line = before.count(b"\n") + 1
            return [Problem(file, line, position - before.rfind(b"\n"), "", str(complaint))]
        return [Problem(file, 0, 0, "", str(complaint))]
    if "quoted scalar" in context and "end of stream" in str(complaint):
        mark = error.context_mark  # type: ignore[attr-defined]  # set wherever there is a context
        complaint = "the quote that opens here is never closed"
    elif "could not find expected ':'" in complaint and error.context_mark:  # type: ignore[attr-defined]  # the same
        mark = error.context_mark  # type: ignore[attr-defined]  # the same
        complaint = "a key has a colon and a space behind it, like TaskMemory: 512"
    elif "did not find expected key" in complaint:
        complaint += "; is it indented like the lines around it?"
    elif "mapping values are not allowed" in complaint and (way := _lookup_on(lines, mark.line)):
        complaint += f"; a lookup is written like {way}"
    elif "mapping values are not allowed" in complaint:
        complaint += '; text that holds ": " goes in quotes, or the line is indented too far'
    elif "cannot start any token" in complaint:
        complaint += "; text that begins so goes in quotes"
    elif context:
        complaint = f"{complaint} ({context})"
    return [Problem(file, mark.line + 1, mark.column + 1, "", f"not YAML: {complaint}")]


def _lookup_on(lines: list[str], line: int) -> str:
    """An example of the lookup that stands on a line; empty where there is none."""
    return lookup_in(lines[line].partition(": ")[2].strip()) if line < len(lines) else ""
