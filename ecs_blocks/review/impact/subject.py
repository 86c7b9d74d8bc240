"""What the consequences are read from: one stack, both its templates, and what differs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from ecs_blocks.checks.model import Resource, Template
from ecs_blocks.review.difference.causes import is_hidden_parameter
from ecs_blocks.review.impact.permission.reworded import without_rewording
from ecs_blocks.review.impact.reading import is_looked_up
from ecs_blocks.review.model import (
    Action,
    Cause,
    PropertyChange,
    Replacement,
    ResourceChange,
)
from ecs_blocks.review.side import HIDDEN, Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.review.side import Side

_MOST_FOLLOWED: Final = 400
"""Resources between a change and its first cause; a stack has 500."""


class Subject(Struct, frozen=True, kw_only=True, dict=True):
    """A pair, the templates of both sides with the known values put in, and what differs.

    A side that is not there is an empty template. The value of a parameter that holds a
    secret is in neither: ``(hidden)`` stands in its place, as a value that is looked up.
    """

    pair: Pair
    before: Template
    after: Template
    changes: tuple[ResourceChange, ...]

    @cached_property
    def by_id(self) -> dict[str, ResourceChange]:
        """What differs, by logical id."""
        return {one.logical_id: one for one in self.changes}

    @property
    def is_new(self) -> bool:
        """Whether the stack is made for the first time."""
        return self.pair.before is None

    def of_type(self, *types: str, action: Action | None = None) -> Iterator[ResourceChange]:
        """What differs, of these types and (if given) with this action."""
        for one in self.changes:
            if one.type in types and action in (None, one.action):
                yield one

    def old(self, change: ResourceChange) -> Resource | None:
        """The resource as it was."""
        return self.before.resources.get(change.logical_id)

    def new(self, change: ResourceChange) -> Resource | None:
        """The resource as it will be."""
        return self.after.resources.get(change.logical_id)

    def modified(self, *types: str) -> Iterator[tuple[ResourceChange, Resource, Resource]]:
        """Each changed resource of these types (of all, where none is given), as it was and is."""
        for one in self.changes:
            before, after = self.old(one), self.new(one)
            if (
                one.action is Action.MODIFY
                and before
                and after
                and (not types or one.type in types)
            ):
                yield one, before, after

    def is_replaced(self, logical_id: str) -> bool:
        """Whether a new physical resource is made under this logical id, or may be."""
        found = self.by_id.get(logical_id)
        return found is not None and found.replacement is not Replacement.NO

    def may_stay(self, change: PropertyChange, seen: frozenset[str] = frozenset()) -> bool:
        """Whether only the deploy tells if *change* is one.

        A value that is looked up may be the one that is there already; and what follows another
        resource stays, should that stay. *seen* are those on the way, for what refers in circles.
        """
        if is_looked_up(change.before) or is_looked_up(change.after):
            return True
        return bool(change.causes) and all(
            one.kind == "resource" and self._may_stay_whole(one.name, seen) for one in change.causes
        )

    def _may_stay_whole(self, logical_id: str, seen: frozenset[str]) -> bool:
        found = self.by_id.get(logical_id)
        if found is None or found.action is not Action.MODIFY or logical_id in seen:
            return False
        if found.replacement is not Replacement.NO:
            return found.replacement is Replacement.MAYBE
        return all(self.may_stay(one, seen | {logical_id}) for one in real(found))

    def causes(self, logical_id: str, prefix: str = "") -> tuple[Cause, ...]:
        """The first causes of what changes under *prefix* of a resource, each once."""
        return tuple(dict.fromkeys(self._first(logical_id, prefix, {logical_id})))

    def _first(self, logical_id: str, prefix: str, seen: set[str]) -> Iterator[Cause]:
        """A cause that is another resource is followed to what makes that one change.

        Only once: between two resources there may be more ways than anybody can go.
        """
        change = self.by_id.get(logical_id)
        if change is None:
            return
        if not prefix:
            yield from change.causes
        for one in change.properties:
            if not within(one.path, prefix):
                continue
            for cause in one.causes:
                if cause.kind != "resource":
                    yield cause
                elif cause.name not in seen:
                    seen.add(cause.name)
                    if len(seen) <= _MOST_FOLLOWED and self._has_causes(cause.name):
                        yield from self._first(cause.name, "", seen)
                    else:
                        yield cause

    def _has_causes(self, logical_id: str) -> bool:
        change = self.by_id.get(logical_id)
        found = (one.causes for one in change.properties) if change is not None else ()
        return bool(change is not None and change.causes) or any(found)

    def parameters_behind(self, logical_id: str, prefix: str) -> list[str]:
        """The parameters that make what is under *prefix* change, where only parameters do."""
        found = self.causes(logical_id, prefix)
        if not found or any(one.kind not in ("parameter", "lookup") for one in found):
            return []
        return list(dict.fromkeys(one.name for one in found))


def subject_of(pair: Pair, changes: Iterable[ResourceChange]) -> Subject:
    """The subject of *pair*, with the *changes* that were found and judged in it.

    Of these, what differs in a policy that means the same becomes noise.
    """
    before, after = (_template(side, pair) for side in (pair.before, pair.after))
    return Subject(
        pair=pair,
        before=before,
        after=after,
        changes=without_rewording(changes, before, after),
    )


def within(path: str, prefix: str) -> bool:
    """Whether a property's *path* is *prefix* or lies under it; everything lies under the empty."""
    return not prefix or path == prefix or path.startswith((f"{prefix}.", f"{prefix}["))


def real(change: ResourceChange) -> tuple[PropertyChange, ...]:
    """The property changes that do something to what runs."""
    return tuple(one for one in change.properties if one.noise is None)


def _template(side: Side | None, pair: Pair) -> Template:
    if side is None:
        return Template({})
    hidden = {
        name: HIDDEN for name in side.declared if is_hidden_parameter(name, pair.before, pair.after)
    }
    safe = replace(side, lookups={**side.lookups, **hidden}) if hidden else side
    return Template(safe.resolved())
