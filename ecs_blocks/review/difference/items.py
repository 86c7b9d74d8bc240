"""Which item of one list is which of the other."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.review.difference.policies import sorting_key
from ecs_blocks.review.difference.secret import Secret
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAMES: Final = (
    "Key",
    "Name",
    "Id",
    "Sid",
    "PolicyName",
    "ContainerName",
    "HeaderName",
    "CapacityProvider",
    "AttributeName",
    "IndexName",
    "DeviceName",
    "SourceVolume",
    "ParameterKey",
    "Field",
    "rulePriority",
)
"""What names an item of a list, the most telling first."""


class Matched(Struct, frozen=True):
    """An item of each list, by its place there; None where it is in one of them only.

    ``label`` is what stands in brackets in a path.
    """

    label: str
    before: int | None
    after: int | None


class Items(Struct, frozen=True):
    """How the items of two lists go together. ``reordered``: those of both stand in another order.

    ``names`` are what each item is called, where they are named.
    """

    matched: tuple[Matched, ...]
    reordered: bool
    names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def matched(before: Sequence[Any], after: Sequence[Any], *, unordered: bool) -> Items:
    """How the items of *before* and *after* go together, equal ones left out."""
    name = _name(before, after)
    if name is not None:
        return _by_name([str(one[name]) for one in before], [str(one[name]) for one in after])
    old, new = [sorting_key(one) for one in before], [sorting_key(one) for one in after]
    if Counter(old) == Counter(new):
        return Items((), reordered=old != new)
    pairs = _as_sets(old, new) if unordered else _in_order(old, new)
    return Items(tuple(Matched(str(b if a is None else a), b, a) for b, a in pairs), False)  # noqa: FBT003 - the struct's field


def _name(before: Sequence[Any], after: Sequence[Any]) -> str | None:
    """The key that names every item of both lists, each of a list differently."""
    for name in _NAMES:
        if all(_is_named(one, name) for one in (*before, *after)) and all(
            len({one[name] for one in side}) == len(side) for side in (before, after)
        ):
            return name
    return None


def _is_named(item: Any, name: str) -> bool:
    if not isinstance(item, dict) or is_intrinsic(item):
        return False
    value = item.get(name)
    return isinstance(value, str) and not isinstance(value, Secret)


def _by_name(before: list[str], after: list[str]) -> Items:
    old, new = {n: i for i, n in enumerate(before)}, {n: i for i, n in enumerate(after)}
    both = [name for name in after if name in old]
    return Items(
        tuple(Matched(name, old.get(name), new.get(name)) for name in {**new, **old}),
        reordered=both != [name for name in before if name in new],
        names=(tuple(before), tuple(after)),
    )


def _as_sets(old: list[str], new: list[str]) -> Iterator[tuple[int | None, int | None]]:
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    yield from _paired(_places(old, gone), _places(new, come))


def _places(keys: list[str], wanted: Counter[str]) -> list[int]:
    left = wanted.copy()
    found = []
    for place, key in enumerate(keys):
        if left[key]:
            left[key] -= 1
            found.append(place)
    return found


def _in_order(old: list[str], new: list[str]) -> Iterator[tuple[int | None, int | None]]:
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _paired(list(range(a, b)), list(range(c, d)))


def _paired(old: list[int], new: list[int]) -> Iterator[tuple[int | None, int | None]]:
    for place in range(max(len(old), len(new))):
        yield (
            old[place] if place < len(old) else None,
            new[place] if place < len(new) else None,
        )
