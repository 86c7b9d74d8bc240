"""A value that only a deploy can find, as it is written: ``!Ssm /name``, ``!Vpc Name=platform``."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from ecs_blocks.environment.by_tags import BY_TAGS, example_of, read_tags
from ecs_blocks.environment.fields import Lookup
from ecs_blocks.environment.nodes import Refused, describe, shortened
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecs_blocks.environment.fields import Field, LookupKind
    from ecs_blocks.environment.nodes import Scalar

_STACK_OUTPUT: Final = re.compile(r"([a-z][a-z0-9-]*)\.([A-Za-z0-9]+)")
_SSM_NAME: Final = re.compile(r"/?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*")


def read_lookup(field: Field, node: Scalar) -> Lookup:
    """The lookup that *node*, which has a tag of YAML's, asks for as the value of *field*.

    Raises:
        Refused: there is no such lookup, it is not of its form, or *field* cannot be looked up.
    """
    tag = str(node.tag)
    if field.spec.pseudo:
        raise Refused(f"{tag}: it has to be known before a deploy; write {field.type.name}")
    if field.is_shape:
        raise Refused(f"{tag}: a value that shapes the template cannot be looked up later")
    if tag not in _READERS:
        *others, last = _READERS
        there = f"; there are {', '.join(others)} and {last}"
        raise Refused(f"{tag} is not known here{nearest(tag, _READERS) or there}")
    if node.is_collection:
        raise Refused(f"{tag} stands before text: write {EXAMPLES[tag]}; got {describe(node)}")
    return _READERS[tag](field, node.text)


def lookup_in(text: str) -> str:
    """A lookup as it is written, like the one that *text* begins with; empty for other text."""
    return EXAMPLES.get(text.partition(" ")[0], "")


def _stack_output(_field: Field, text: str) -> Lookup:
    found = _STACK_OUTPUT.fullmatch(text)
    if not found:
        raise Refused(
            f"!StackOutput takes an app and one of its outputs, like cluster.AlarmTopicArn; "
            f'got "{shortened(text)}"'
        )
    return Lookup("StackOutput", (("App", found[1]), ("OutputName", found[2])))


def _ssm(_field: Field, text: str) -> Lookup:
    if not _SSM_NAME.fullmatch(text):
        raise Refused(
            f'!Ssm takes the name of a parameter, like /platform/vpc-id; got "{shortened(text)}"'
        )
    return Lookup("Ssm", (("Name", text),))


def _by_tags(kind: LookupKind, field: Field, text: str) -> Lookup:
    found = BY_TAGS[kind]
    if field.type is not found:
        fitting = next((other for other, row in BY_TAGS.items() if row is field.type), None)
        way = f", which !{fitting} finds" if fitting else ""
        raise Refused(f"!{kind} finds {found.name}; expected {field.type.name}{way}")
    return Lookup(kind, read_tags(kind, text))


_READERS: Final[Mapping[str, Callable[[Field, str], Lookup]]] = {
    "!StackOutput": _stack_output,
    "!Ssm": _ssm,
    **{f"!{kind}": partial(_by_tags, kind) for kind in BY_TAGS},
}
"""How each of YAML's tags that stands for a lookup is read."""

EXAMPLES: Final[Mapping[str, str]] = {
    "!StackOutput": "!StackOutput cluster.AlarmTopicArn",
    "!Ssm": "!Ssm /platform/vpc-id",
    **{f"!{kind}": f"!{kind} {example_of(kind)}" for kind in BY_TAGS},
}
"""Each as it is written."""
