"""Settings of platform.yaml that are no parameters: a mapping of keys, each a text or a switch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.environment.loaded import Given, Place
from ecs_blocks.environment.nodes import Mapping, Scalar, describe, is_empty, shortened
from ecs_blocks.errors import Problem
from ecs_blocks.naming import key_of, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ecs_blocks.environment.nodes import Node


class Setting(Struct, frozen=True):
    """One key: the field that it sets, what it is, one that is right, and its pattern.

    ``kind`` is what YAML has to take the value for: ``str``, or ``bool`` for a switch.
    """

    field: str
    what: str
    example: str
    pattern: str
    help: str
    kind: str = "str"

    @property
    def key(self) -> str:
        """As platform.yaml has it."""
        return key_of(self.field)


def read_settings(
    node: Node | None,
    file: str,
    where: str,
    problems: list[Problem],
    *,
    settings: Iterable[Setting],
    trap: Callable[[Setting, str], str | None],
) -> dict[str, Given]:
    """What the mapping *node*, which stands at *where*, gives, by field.

    *trap* says why a text may not be the value of a setting, where that needs words of its own.
    What is wrong is added to *problems*.
    """
    if node is None or is_empty(node):
        return {}
    if not isinstance(node, Mapping):
        message = f"expected a mapping of settings, got {describe(node)}"
        problems.append(Problem(file, node.line, node.column, where, message))
        return {}
    by_key = {setting.key: setting for setting in settings}
    given: dict[str, Given] = {}
    for key, value in node.pairs:
        place = Place(file, value.line, value.column, f"{where}.{shortened(key.text)}")
        setting = by_key.get(key.text)
        if setting is None:
            way = nearest(key.text, by_key) or f"; there are: {', '.join(by_key)}"
            problems.append(Problem(file, key.line, key.column, place.where, f"unknown key{way}"))
        elif not isinstance(value, Scalar) or value.kind != setting.kind or value.tag is not None:
            what = f"{value.tag} …" if isinstance(value, Scalar) and value.tag else describe(value)
            wanted = f"expected {setting.what}, like {setting.example}"
            problems.append(place.problem(f"{wanted}, got {what}"))
        elif wrong := trap(setting, value.text):
            problems.append(place.problem(wrong))
        elif not re.fullmatch(setting.pattern, value.text):
            wanted = f"which is not {setting.what}, like {setting.example}"
            problems.append(place.problem(f"got {describe(value)}, {wanted}"))
        else:
            given[setting.field] = Given(value.text, place)
    return given
