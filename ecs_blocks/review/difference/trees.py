"""Where two values differ: the smallest parts, each with its path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from ecs_blocks.review.difference.items import matched
from ecs_blocks.review.difference.policies import is_policy, plain_policy
from ecs_blocks.review.difference.secret import Secret, marked_json
from ecs_blocks.review.difference.sources import Step
from ecs_blocks.review.facts.types import ITEM, TypeFacts
from ecs_blocks.review.model import Noise
from ecs_blocks.templates.resolve import is_intrinsic, normalised

if TYPE_CHECKING:
    from collections.abc import Iterator


class Leaf(Struct, frozen=True, kw_only=True):
    """One difference, in the one spelling; None where there is nothing.

    ``path`` is for people, ``names`` for the facts of a type (``Rules.*.Prefix``), ``old`` and
    ``new`` lead to it on each side.
    """

    path: str = ""
    names: tuple[str, ...] = ()
    old: tuple[Step, ...] = ()
    new: tuple[Step, ...] = ()
    before: Any = None
    after: Any = None
    noise: Noise | None = None

    def key(self, name: str) -> Leaf:
        """What lies under the key *name*."""
        return replace(
            self,
            path=f"{self.path}.{name}" if self.path else name,
            names=(*self.names, name),
            old=(*self.old, name),
            new=(*self.new, name),
        )

    def item(self, label: str, old: int | None, new: int | None) -> Leaf:
        """An item of the list that is here."""
        return replace(
            self,
            path=f"{self.path}[{label}]",
            names=(*self.names, ITEM),
            old=(*self.old, *(() if old is None else (old,))),
            new=(*self.new, *(() if new is None else (new,))),
        )


def leaves(before: Any, after: Any, facts: TypeFacts | None, at: Leaf) -> Iterator[Leaf]:
    """Every difference of two values at the place *at*; both in the one spelling."""
    if before == after:
        return
    if _is_plain(before, dict) and _is_plain(after, dict):
        yield from _of_mappings(before, after, facts, at)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, facts, at)
    elif (texts := _json_in(before, after)) is not None:
        found = list(leaves(*texts, facts, at))
        yield from found or [replace(at, before=before, after=after, noise=Noise.ORDER)]
    else:
        yield replace(at, before=before, after=after)


def _is_plain(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not is_intrinsic(value)


def _of_mappings(
    before: dict[str, Any], after: dict[str, Any], facts: TypeFacts | None, at: Leaf
) -> Iterator[Leaf]:
    if is_policy(before) and is_policy(after):
        old, new = plain_policy(before), plain_policy(after)
        if (before, after) != (old, new):
            found = list(leaves(old, new, facts, at))
            yield from found or [replace(at, before=before, after=after, noise=Noise.ORDER)]
            return
    for key in dict.fromkeys([*after, *before]):
        yield from leaves(before.get(key), after.get(key), facts, at.key(key))


def _of_lists(
    before: list[Any], after: list[Any], facts: TypeFacts | None, at: Leaf
) -> Iterator[Leaf]:
    unordered = facts is not None and facts.is_unordered(at.names)
    unordered = unordered or at.names[-1:] == ("Statement",) or _is_tags(facts, at)
    found = matched(before, after, unordered=unordered)
    order = Noise.ORDER if unordered else None
    if not found.matched or not _has_parts(before, after):
        same = not found.matched
        yield replace(at, before=before, after=after, noise=order if same else None)
        return
    any_inside = False
    for one in found.matched:
        old = None if one.before is None else before[one.before]
        new = None if one.after is None else after[one.after]
        for leaf in leaves(old, new, facts, at.item(one.label, one.before, one.after)):
            any_inside = any_inside or leaf.noise is None
            yield leaf
    if found.reordered and not (unordered and any_inside):
        names = [list(side) for side in found.names]
        yield replace(at, before=names[0], after=names[1], noise=order)


def _is_tags(facts: TypeFacts | None, at: Leaf) -> bool:
    return facts is not None and bool(facts.tags) and at.path == facts.tags


def _has_parts(before: list[Any], after: list[Any]) -> bool:
    """Whether the items have parts of their own; else the list is shown whole."""
    return any(_is_plain(one, dict) for one in (*before, *after))


def _json_in(before: Any, after: Any) -> tuple[Any, Any] | None:
    """What two texts hold, where both are JSON objects or lists."""
    found = []
    for text in (before, after):
        if not isinstance(text, str) or isinstance(text, Secret):
            return None
        if not text.lstrip().startswith(("{", "[")):
            return None
        try:
            found.append(marked_json(normalised(json.loads(text))))
        except (ValueError, RecursionError):
            return None
    if any(not isinstance(one, (dict, list)) for one in found):
        return None
    return found[0], found[1]
