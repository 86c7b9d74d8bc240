"""A text where a tuple belongs: Python takes it for its letters, and nothing fails.

``moving_tags=("dev")``, without the comma of a tuple of one, would be the tags d, e and v.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.errors import BlockError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_PLURAL: Final = ("tuple[", "Sequence[", "Iterable[", "Collection[")
"""How the annotations begin of what holds many; they are read as text, which costs nothing."""


def refuse_text(block: object) -> None:
    """Refuse a text where *block*, or a part of it, takes a tuple.

    Raises:
        BlockError: names every such argument.
    """
    wrong = list(dict.fromkeys(_texts(block)))
    if wrong:
        raise BlockError("; ".join(wrong))


def _texts(block: object) -> Iterator[str]:
    if not isinstance(block, Struct):
        return
    plural = _plural(type(block))
    for name in block.__struct_fields__:
        value: Any = getattr(block, name)
        if name in plural and isinstance(value, str):
            yield f'{name} has to be a tuple, not text; of one it is ("…",), with the comma'
        for part in value if isinstance(value, tuple | list) else (value,):
            yield from _texts(part)


@functools.cache
def _plural(kind: type[Struct]) -> frozenset[str]:
    """The fields of *kind* that hold many; not those that may be one text too."""
    return frozenset(
        name
        for owner in kind.__mro__
        for name, hint in vars(owner).get("__annotations__", {}).items()
        if str(hint).startswith(_PLURAL) and "str" not in str(hint).rpartition("]")[2]
    )
