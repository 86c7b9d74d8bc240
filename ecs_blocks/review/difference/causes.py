"""Why something differs: a value, a lookup, the template, another resource, the stack's tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.review.difference.repositories import place_of_image
from ecs_blocks.review.difference.resources import STACK_TAG
from ecs_blocks.review.difference.secret import hides, shown
from ecs_blocks.review.difference.sources import names_in, source_at
from ecs_blocks.review.model import Cause, ParameterChange
from ecs_blocks.review.side import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ecs_blocks.review.difference.seen import Member, Seen
    from ecs_blocks.review.difference.trees import Leaf
    from ecs_blocks.review.side import Side

_NOT_THERE: Final = object()


def changed_parameters(before: Side | None, after: Side | None) -> tuple[ParameterChange, ...]:
    """Every parameter whose value differs, or that is on one side only; secrets hidden."""
    return tuple(_changed(before, after))


def _changed(before: Side | None, after: Side | None) -> Iterator[ParameterChange]:
    for name in dict.fromkeys([*_declared(after), *_declared(before)]):
        old, new = _value(before, name), _value(after, name)
        if old == new:
            continue
        hidden = is_hidden_parameter(name, before, after)
        yield ParameterChange(
            name=name,
            before=HIDDEN if hidden and old is not None else old,
            after=HIDDEN if hidden and new is not None else new,
            hidden=hidden,
            place=after.places.get(name, "") if after is not None else "",
        )


def is_hidden_parameter(name: str, *sides: Side | None) -> bool:
    """Whether the value must not be shown: NoEcho, or a credential by its name or its form."""
    there = [side for side in sides if side is not None]
    if any(side.is_hidden(name) for side in there):
        return True
    values = [side.value(name) or "" for side in there if name not in side.lookups]
    return any(hides(value, name) for value in values)


def inputs(before: Side | None, after: Side | None) -> dict[str, Cause]:
    """What the template is fed with and differs: parameters, lookups, pseudo parameters."""
    if before is None or after is None:
        return {}
    found: dict[str, Cause] = {}
    for one in changed_parameters(before, after):
        if one.before is not None and one.after is not None:
            is_looked_up = one.name in before.lookups or one.name in after.lookups
            found[one.name] = Cause(
                kind="lookup" if is_looked_up else "parameter",
                name=one.name,
                before=one.before,
                after=one.after,
                place=one.place,
            )
    for name in before.pseudo.keys() & after.pseudo.keys():
        old, new = before.pseudo[name], after.pseudo[name]
        if old != new:
            found[name] = Cause(kind="parameter", name=name, before=old, after=new)
    return found


class Causes:
    """Why the places of one stack differ."""

    def __init__(self, old: Seen, new: Seen) -> None:
        self._old, self._new = old, new
        self._inputs = inputs(old.side, new.side)
        self._lines: Mapping[str, str] = new.side.lines if new.side is not None else {}
        self._images: Mapping[str, str] = new.side.images if new.side is not None else {}

    def of(
        self,
        name: str,
        members: tuple[Member | None, Member | None],
        leaf: Leaf,
        behind: Collection[str] = (),
    ) -> tuple[Cause, ...]:
        """Why *leaf* of the resource or output *name* differs; *behind* are resources."""
        resources = tuple(Cause(kind="resource", name=one) for one in sorted(behind))
        if leaf.new[:1] == (STACK_TAG,):
            key = str(leaf.new[1])
            old, new = (shown(one or "", key, ()) for one in (leaf.before, leaf.after))
            return (Cause(kind="tags", name=key, before=old, after=new),)
        if behind and leaf.before == leaf.after:
            return resources
        old = self._source(members[0], leaf.old)
        new = self._source(members[1], leaf.new)
        deciding: set[str] = set()
        for source, side in ((old, self._old), (new, self._new)):
            if source is not _NOT_THERE:
                deciding |= names_in(source, side.template)
        found = [cause for key, cause in self._inputs.items() if key in deciding]
        if not found or self._written(old, self._old) != self._written(new, self._new):
            place = place_of_image(leaf.before, leaf.after, self._images)
            found.append(self._template(name, place))
        return (*found, *resources)

    def of_whole(self, name: str, condition: str) -> tuple[Cause, ...]:
        """Why a resource is there or not: its *condition*, or the template where that is empty."""
        expression = {"Condition": condition} if condition else None
        deciding = names_in(expression, self._new.template)
        found = tuple(cause for key, cause in self._inputs.items() if key in deciding)
        return found or (self._template(name),)

    def _template(self, name: str, place: str = "") -> Cause:
        return Cause(kind="template", name=name, place=place or self._lines.get(name, ""))

    @staticmethod
    def _source(member: Member | None, steps: tuple[Any, ...]) -> Any:
        return _NOT_THERE if member is None else source_at(member.source, member.resolved, steps)

    @staticmethod
    def _written(source: Any, side: Seen) -> Any:
        return source if source is _NOT_THERE else side.written(source)


def _declared(side: Side | None) -> list[str]:
    return list(side.declared) if side is not None else []


def _value(side: Side | None, name: str) -> str | None:
    """The value on a side; empty where nothing says, None where it is not declared."""
    return (side.value(name) or "") if side is not None and name in _declared(side) else None
