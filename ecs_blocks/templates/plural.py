"""A text where a tuple belongs: Python takes it for its letters, and nothing fails.

``moving_tags=("dev")``, without the comma of a tuple of one, would be the tags d, e and v; so
would the value of a mapping to tuples, ``headers={"X-Env": "dev"}``.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.errors import BlockError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_MANY: Final = ("tuple[", "Sequence[", "Iterable[", "Collection[")
"""How the annotations begin of what holds many; they are read as text, which costs nothing."""
_LIST: Final = "Value[list["
"""How those begin of a list that may be a parameter; AWS takes a text there for one value."""


def refuse_text(block: object) -> None:
    """Refuse a text where *block*, or a part of it, takes a tuple.

    Raises:
        BlockError: names every such argument, with the place that it has in *block*.
    """
    wrong = list(_texts(block, ""))
    if wrong:
        raise BlockError("; ".join(wrong))


def _texts(part: object, place: str) -> Iterator[str]:
    if isinstance(part, Struct):
        for name in part.__struct_fields__:
            value: Any = getattr(part, name)
            at = f"{place}.{name}".lstrip(".")
            kind = hint_of(type(part), name)
            if isinstance(value, str):
                yield from _text(at, kind)
            elif isinstance(value, Mapping) and is_mapping_of_many(kind):
                for key in (key for key, one in value.items() if isinstance(one, str)):
                    yield from _text(f'{at}["{key}"]', "tuple[")
            yield from _texts(value, at)
    elif isinstance(part, tuple | list):
        for number, one in enumerate(part):
            yield from _texts(one, f"{place}[{number}]")
    elif isinstance(part, Mapping):
        for key, one in part.items():
            yield from _texts(one, f'{place}["{key}"]')


def _text(place: str, hint: str) -> Iterator[str]:
    if is_many(hint):
        yield f'{place} has to be a tuple, not text; of one it is ("…",), with the comma'
    elif hint.startswith(_LIST):
        yield f'{place} has to be a list, not text; of one it is ["…"]'


def is_many(hint: str) -> bool:
    """Whether *hint* takes several; not where one text may stand for them too."""
    return hint.startswith(_MANY) and "str" not in hint.rpartition("]")[2]


def is_mapping_of_many(hint: str) -> bool:
    """Whether *hint* takes several under each key."""
    return hint.startswith("Mapping[") and is_many(hint.partition(", ")[2].removesuffix("]"))


@functools.cache
def hint_of(kind: type[Struct], name: str) -> str:
    """How the field *name* is annotated in *kind* or its bases; an empty text where it is not."""
    owners = (vars(owner).get("__annotations__", {}) for owner in kind.__mro__)
    return next((str(one[name]) for one in owners if name in one), "")
