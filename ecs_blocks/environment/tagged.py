"""What is looked up by its tags: ``!Vpc Name=platform``, and the values that may be.

A network that is made elsewhere (by Terraform, by a landing zone) is often known by its tags only.
Source: Amazon EC2 User Guide, "Filtering considerations" under "List and filter using the CLI and
API": 50 filters, 255 characters each, and the wildcards ``*`` and ``?``.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ecs_blocks.environment.nodes import Refused, shortened
from ecs_blocks.parameter_types import TYPES, ParameterType
from ecs_blocks.values import SecurityGroupId, SubnetId, VpcId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.environment.fields import LookupKind

TAGGED: Final[Mapping[LookupKind, ParameterType]] = MappingProxyType(
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
_STRANGE: Final = re.compile(r"[^\w .:/=+@-]")


def tags_text(tags: Mapping[str, str]) -> str:
    """Tags as a person writes them: ``Tier=private, Network=platform``."""
    return ", ".join(f"{key}={value}" for key, value in tags.items())


def read_tags(kind: LookupKind, text: str) -> tuple[tuple[str, str], ...]:
    """The tags that *text* asks for, key and value, in its order; a value may hold a ``=``.

    Raises:
        Refused: it is not ``Key=value, Key=value``, or more than a filter of EC2 takes.
    """
    tags: dict[str, str] = {}
    for part in text.split(","):
        key, _, value = (word.strip() for word in part.partition("="))
        if not (key and value):
            example = "Tier=private, Network=platform" if TAGGED[kind].many else "Name=platform"
            raise Refused(f'!{kind} takes tags, like {example}; got "{shortened(text)}"')
        if strange := _STRANGE.search(part):
            raise Refused(
                f'!{kind}: "{shortened(part.strip())}" holds "{shortened(strange[0])}"; a tag is '
                "meant literally: letters, digits, spaces and _ . : / = + - @"
            )
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
    return tuple(tags.items())
