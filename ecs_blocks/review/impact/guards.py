"""A setting that protects: how it is told that it grows weaker or stronger.

The families ``protection`` and ``exposure`` are tables of these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.checks.views.parts import text
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import spoken
from ecs_blocks.review.impact.reading import at, differs, finite, switched
from ecs_blocks.review.model import Action, Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

Safety = Callable[[Any], float | None]


class Guard(Struct, frozen=True, kw_only=True):
    """One setting.

    ``safety`` makes of the value (None where nothing is said) how much it protects; None where that
    is not known. ``weaker`` and ``stronger`` are what to say, with ``{old}`` and ``{new}`` for the
    values, each with its ``unit``, or ``unset`` in its place; without ``stronger`` the better is
    left to ``configuration``. ``fresh`` is said of an added resource that has no protection at all.
    ``weight`` is of the weaker, ``better`` of the stronger. Where the property ``alike`` differs,
    the two cannot be compared, and nothing is said; nor where the switch ``beside`` is not on on
    both sides, for that says it all. ``tells`` is the property that the sentence tells of, where it
    is more than ``path``. ``stays``: what is left out is as it was (``kept`` tells of it).
    """

    types: tuple[str, ...]
    path: str
    safety: Safety
    kind: str
    weaker: str
    stronger: str = ""
    fresh: str = ""
    unit: str = ""
    unset: str = "unset"
    alike: str = ""
    beside: str = ""
    tells: str = ""
    stays: bool = False
    weight: Weight = Weight.APPROVAL
    better: Weight = Weight.CALM


def on(*, default: bool = False) -> Safety:
    """A switch that protects when it is on."""
    return lambda value: _switch(value, default=default)


def off(*, default: bool = False) -> Safety:
    """A switch that protects when it is off."""

    def safety(value: Any) -> float | None:
        found = _switch(value, default=default)
        return None if found is None else 1 - found

    return safety


def more(default: float | None = 0) -> Safety:
    """A number that protects the more, the greater it is; infinite where *default* is None."""

    def safety(value: Any) -> float | None:
        return (float("inf") if default is None else default) if value is None else finite(value)

    return safety


def present(value: Any) -> float | None:
    """Something that protects by being there, whatever it is."""
    return 0 if value is None or value in ("", []) else 1


def among(ranks: dict[str, float], default: float) -> Safety:
    """A word that protects as much as *ranks* say; what is not listed is not known."""

    def safety(value: Any) -> float | None:
        if value is None:
            return default
        return None if is_intrinsic(value) else ranks.get(text(value))

    return safety


def judged(subject: Subject, guards: Iterable[Guard]) -> Iterator[Finding]:
    """What the guards say of a change."""
    for guard in guards:
        for change, old, new in subject.modified(*guard.types):
            if change.type == new.type == old.type:
                yield from _compared(guard, old, new)
        if not guard.fresh:
            continue
        for change in subject.of_type(*guard.types, action=Action.ADD):
            added = subject.new(change)
            if added is not None and guard.safety(at(added, guard.path)) == 0:
                # What a new app opens is read; what an old one newly opens needs a yes.
                weight = Weight.NOTICE if subject.is_new else guard.weight
                yield _finding(guard, guard.fresh, None, added, weight)


def _compared(guard: Guard, old: Resource, new: Resource) -> Iterator[Finding]:
    before, after = (at(one, guard.path) for one in (old, new))
    if not differs(before, after):
        return
    if guard.alike and differs(*(at(one, guard.alike) for one in (old, new))):
        return
    safer = guard.safety(before), guard.safety(after)
    is_same = safer[0] is not None and safer[0] == safer[1] and not guard.stays
    if is_same and _is_default(before, after):
        yield by_default(new, guard.path)
        return
    if guard.beside and not all(switched(one, guard.beside) for one in (old, new)):
        return
    if guard.stays and after is None:
        return
    if safer[0] is None or safer[1] is None or safer[0] == safer[1]:
        return
    if safer[1] < safer[0]:
        yield _finding(guard, guard.weaker, old, new, guard.weight)
    elif guard.stronger:
        yield _finding(guard, guard.stronger, old, new, guard.better)


def by_default(resource: Resource, path: str) -> Finding:
    """That a default is written out at *path*, or left out there: nothing happens."""
    name = path.partition("[")[2].removesuffix("]") or path.rpartition(".")[2]
    done = "left out" if at(resource, path) is None else "written out"
    return Finding(
        kind="configuration",
        weight=Weight.CALM,
        text=f"{resource.id}: only the default of {name} is {done}",
        covers=((resource.id, path),),
    )


def _is_default(before: Any, after: Any) -> bool:
    """Whether one side is unset, and the other a number or a plain yes or no.

    Two of those protect alike only where they are the same; two words may rank alike and differ.
    """
    given = before if after is None else after
    plain = isinstance(given, bool) or text(given).lower() in ("true", "false")
    return None in (before, after) and (plain or finite(given) is not None)


def _finding(
    guard: Guard, words: str, old: Resource | None, new: Resource, weight: Weight
) -> Finding:
    values = {
        key: guard.unset
        if (value := at(one, guard.path)) is None
        else f"{spoken(value)} {guard.unit}".strip()
        for key, one in (("old", old), ("new", new))
    }
    return Finding(
        kind=guard.kind,
        weight=weight,
        text=f"{new.id}: {words.format(**values)}",
        covers=((new.id, guard.tells or guard.path),),
    )


_ON: Final = frozenset({"true", "enabled", "on", "1"})


def _switch(value: Any, *, default: bool) -> float | None:
    if value is None:
        return float(default)
    return None if is_intrinsic(value) else float(text(value).lower() in _ON)
