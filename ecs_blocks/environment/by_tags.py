"""What is looked up by its tags: ``!Vpc Name=platform``, and the values that may be.

A network that is made elsewhere (by Terraform, by a landing zone) is often known by its tags only.
Source: Amazon EC2 User Guide, "Filtering considerations" under "List and filter using the CLI and
API": 50 filters, 255 characters each, and the wildcards ``*`` and ``?``.
"""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ecs_blocks.environment.nodes import Refused, shortened
from ecs_blocks.parameter_types import TYPES, ParameterType
from ecs_blocks.values import SecurityGroupId, SubnetId, VpcId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.environment.fields import LookupKind

BY_TAGS: Final[Mapping[LookupKind, ParameterType]] = MappingProxyType(
    {
        "Vpc": TYPES[VpcId],
        "Subnets": TYPES[list[SubnetId]],
        "SecurityGroup": TYPES[SecurityGroupId],
    }
)
"""Each kind of lookup by tags, and the only type of value that it can be."""

MAX_TAGS: Final = 50
MAX_KEY: Final = 128
MAX_VALUE: Final = 255
"""Characters that a filter takes; the tag itself may have one more."""
_MEANT_OTHERWISE: Final = frozenset("*?\\$")
"""What EC2's filters take for more than itself, and how a variable begins, which there is none."""
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that no font shows (Unicode's Default_Ignorable_Code_Point)."""
_NEXT: Final = re.compile(r"[\s;]\s*([^\s;=]+\s*=.*)")
"""In a value, what looks like a second tag: a word and a ``=`` behind a space or a semicolon."""


def example_of(kind: LookupKind) -> str:
    """How tags are written: one for one thing, two for several."""
    return "Tier=private, Network=platform" if BY_TAGS[kind].many else "Name=platform"


def tags_text(tags: Mapping[str, str]) -> str:
    """Tags as a person writes them: ``Network=platform, Tier=private``."""
    return ", ".join(f"{key}={value}" for key, value in tags.items())


def read_tags(kind: LookupKind, text: str) -> tuple[tuple[str, str], ...]:
    """The tags that *text* asks for, key and value, by key; a value may hold a ``=``.

    In one order, so that the same tags are the same lookup however they are written.

    Raises:
        Refused: it is not ``Key=value, Key=value``, or more than a filter of EC2 takes.
    """
    tags: dict[str, str] = {}
    for part in text.split(","):
        key, _, value = (word.strip() for word in part.partition("="))
        if not (key and value):
            given = shortened(text)
            raise Refused(f'!{kind} takes tags, like {example_of(kind)}; got "{given}"')
        _written_as_meant(kind, part.strip(), key, value)
        if key in tags:
            raise Refused(f"!{kind}: the tag {shortened(key)} stands there twice")
        if len(key) > MAX_KEY or len(value) > MAX_VALUE:
            raise Refused(
                f"!{kind}: of a tag, EC2 finds a key of at most {MAX_KEY} characters and a value "
                f"of at most {MAX_VALUE}; {shortened(key)} has {len(key)} and {len(value)}"
            )
        tags[key] = value
    if len(tags) > MAX_TAGS:
        raise Refused(f"!{kind}: {len(tags)} tags; EC2 takes {MAX_TAGS} at once")
    return tuple(sorted(tags.items()))


def _is_literal(character: str) -> bool:
    """A blank, or what can be seen: Unicode's letters, marks, numbers, punctuation and symbols."""
    is_seen = unicodedata.category(character)[0] in "LMNPS" and not _UNSEEN.match(character)
    return character == " " or (is_seen and character not in _MEANT_OTHERWISE)


def _written_as_meant(kind: LookupKind, part: str, key: str, value: str) -> None:
    """Refuse what would be looked for literally and is meant otherwise."""
    bare = re.sub("[\"']", "", part)
    if bare != part:
        raise Refused(f"!{kind}: write {shortened(bare)}, without quotes")
    if strange := next((one for one in part if not _is_literal(one)), ""):
        shown = strange if strange in _MEANT_OTHERWISE else f"U+{ord(strange):04X}"
        raise Refused(
            f'!{kind}: "{shortened(part)}" holds "{shown}"; a tag is meant literally: '
            "letters, digits, spaces and signs, but not * ? \\ $ or what cannot be seen"
        )
    if key.startswith("tag:"):
        meant = f"{key.removeprefix('tag:')}={value}"
        raise Refused(f"!{kind}: a tag is named without tag: before it; write {shortened(meant)}")
    if found := _NEXT.search(value):
        first = f"{key}={value[: found.start()]}"
        raise Refused(
            f'!{kind}: the value of {shortened(key)} would be "{shortened(value)}"; is a comma '
            f"missing? {shortened(first)}, {shortened(found[1])}"
        )
