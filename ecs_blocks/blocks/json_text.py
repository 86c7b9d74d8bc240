"""JSON in a property that is text, with values in it that only CloudFormation will know."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from msgspec import Struct

from ecs_blocks.values import Token, Value, text

# characters of Unicode's private use, which nobody writes
_MARK: Final = re.compile('"\ue000([0-9]+)\ue001"|\ue002([0-9]+)\ue001')


class Raw(Struct, frozen=True):
    """A value that goes into JSON without quotation marks, or *quoted* between two as it is."""

    value: Value[Any]
    quoted: bool = False


def as_json(tree: Any) -> Value[str]:
    """*tree* as indented JSON; its tokens become part of one ``!Sub``.

    A token is text unless it stands in a ``Raw``: a number has no quotation marks. What it stands
    for must need no escaping: ARNs, ids and numbers do not.
    """
    values: list[Any] = []
    marked = _marked(tree, values)
    parts: list[Any] = []
    end = 0
    joined = json.dumps(marked, indent=2, ensure_ascii=False)
    for found in _MARK.finditer(joined):
        parts += [joined[end : found.start()], values[int(found[1] or found[2])]]
        end = found.end()
    return text(*parts, joined[end:])


def _marked(tree: Any, values: list[Any]) -> Any:
    if isinstance(tree, dict):
        return {key: _marked(item, values) for key, item in tree.items()}
    if isinstance(tree, list):
        return [_marked(item, values) for item in tree]
    if isinstance(tree, Token):
        tree = Raw(tree, quoted=True)
    if not isinstance(tree, Raw):
        return tree
    values.append(tree.value)
    begin = "\ue002" if tree.quoted else "\ue000"
    return f"{begin}{len(values) - 1}\ue001"
