"""What the page's template is given: everything decided, so that it has only to be written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.checks.views.texts import text_of
from ecs_blocks.review.impact.phrases import plain
from ecs_blocks.review.model import (
    Action,
    Headroom,
    Replacement,
    ResourceChange,
    StackReview,
    Status,
    Weight,
)
from ecs_blocks.review.picture.graph import SIGNS, Mark, css_class, mark_of
from ecs_blocks.review.show.page.links import Linked, linked, new_anchor
from ecs_blocks.review.show.page.pictures import Picture, picture_of
from ecs_blocks.review.show.page.pieces import Piece, compared
from ecs_blocks.review.show.words import (
    MEANING,
    by_weight,
    is_tight,
    lead,
    parameter_values,
    property_values,
    reasons,
    tally,
    unchanged,
    verdict,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ecs_blocks.review.model import (
        Consequence,
        ParameterChange,
        PropertyChange,
        Review,
    )
    from ecs_blocks.review.side import Pair

WEIGHT_SIGNS: Final = {Weight.APPROVAL: "!!", Weight.NOTICE: "!", Weight.CALM: "·"}
MAX_SHOWN: Final = 12
"""Consequences under one heading that are shown at once, but for those that need approval."""
_NOT_WORTH_A_CLICK: Final = 3
_SIDES: Final = {Action.ADD: "after", Action.REMOVE: "before"}
_NO_MARK: Final = "·"
_REPLACES: Final = {Replacement.YES: "replaces", Replacement.MAYBE: "may replace"}
_OWN_ANCHORS: Final = (
    *(
        "main",
        "search",
        "found",
        "expand",
        "theme",
        "download",
        "help",
        "help-button",
        "help-close",
    ),
    *("help-title", "data", "environments", "environments-name"),
)
"""Ids that the page has by itself."""
_LOUDEST_FIRST: Final = (
    Mark.REPLACED,
    Mark.REMOVED,
    Mark.MAYBE_REPLACED,
    Mark.ADDED,
    Mark.CHANGED,
    Mark.REVISION,
    Mark.NONE,
)


class Told(Struct, frozen=True):
    """A consequence; the resources that it names link to their changes."""

    text: tuple[Linked, ...]
    details: tuple[tuple[Linked, ...], ...]
    causes: tuple[str, ...]


class Section(Struct, frozen=True):
    """Consequences of one weight, under one heading; those in ``more`` behind a click."""

    tone: str
    sign: str
    heading: str
    shown: tuple[Told, ...]
    more: tuple[Told, ...]


class Row(Struct, frozen=True):
    """A value before and after, in pieces of which some are marked as changed.

    ``instead`` says in words what two columns could not: it is hidden, or what it refers to
    changes. ``tags`` are words beside the name, ``quiet_tag`` one that matters little.
    """

    name: str
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    instead: str = ""
    tags: tuple[str, ...] = ()
    quiet_tag: str = ""
    notes: tuple[str, ...] = ()


class Change(Struct, frozen=True):
    """One resource: ``sign`` and ``verdict`` say what happens to it, ``tone`` colours it.

    ``causes`` are those of all its properties, where they are the same. ``side`` is the only one
    that there is: ``after`` of what is added, ``before`` of what is removed.
    """

    anchor: str
    change: ResourceChange
    mark: Mark
    sign: str
    tone: str
    verdict: str
    causes: tuple[str, ...]
    side: str
    rows: tuple[Row, ...]


class Stack(Struct, frozen=True):
    """One stack. ``anchor`` is its fragment: ``#hoge-prod``; ``lead`` stands above the rest."""

    anchor: str
    stack: StackReview
    tone: str
    sign: str
    meaning: str
    status: str
    going_back: str
    lead: str
    unknowns: tuple[tuple[Linked, ...], ...]
    picture: Picture | None
    sections: tuple[Section, ...]
    parameters: tuple[Row, ...]
    outputs: tuple[Row, ...]
    changes: tuple[Change, ...]
    quiet: tuple[Change, ...]
    tight: tuple[Headroom, ...]
    roomy: tuple[Headroom, ...]


class Summary(Struct, frozen=True):
    """The head of the page: its title, and the stacks that do not change."""

    title: str
    unchanged: str


def summary(review: Review) -> Summary:
    """What a reader knows after one line."""
    title = tally(review) if review.stacks else "environments side by side"
    return Summary(title[:1].upper() + title[1:], unchanged(review.stacks))


def stack_views(review: Review, pairs: Sequence[Pair]) -> list[Stack]:
    """Every stack that changes, the weightiest first."""
    by_key = {(pair.app, pair.environment): pair for pair in pairs}
    taken = set(_OWN_ANCHORS)
    return [
        _stack(stack, taken, by_key.get((stack.app, stack.environment)))
        for stack in by_weight(review.stacks)
    ]


def _stack(stack: StackReview, taken: set[str], pair: Pair | None) -> Stack:
    anchor = new_anchor(f"{stack.app}-{stack.environment}", taken)
    links = {c.logical_id: new_anchor(f"{anchor}-{c.logical_id}", taken) for c in stack.changes}
    changes = sorted(
        (_change(change, links[change.logical_id]) for change in stack.changes),
        key=lambda one: _LOUDEST_FIRST.index(one.mark),
    )
    return Stack(
        anchor=anchor,
        stack=stack,
        tone=stack.weight.value,
        sign=WEIGHT_SIGNS[stack.weight],
        meaning=MEANING[stack.weight],
        status=stack.status.value if stack.status is not Status.CHANGED else "",
        going_back=stack.rollback.reversal.value if stack.rollback else "",
        lead=lead(stack),
        unknowns=tuple(linked(one, links) for one in stack.unknowns),
        picture=picture_of(pair, stack, anchor, links),
        sections=tuple(_sections(stack.consequences, links)),
        parameters=tuple(map(_parameter_row, stack.parameters)),
        outputs=tuple(map(_property_row, stack.outputs)),
        changes=tuple(one for one in changes if one.mark is not Mark.NONE),
        quiet=tuple(one for one in changes if one.mark is Mark.NONE),
        tight=tuple(one for one in stack.headroom if is_tight(one)),
        roomy=tuple(one for one in stack.headroom if not is_tight(one)),
    )


def _sections(consequences: Sequence[Consequence], links: Mapping[str, str]) -> Iterator[Section]:
    for weight, sign in WEIGHT_SIGNS.items():
        told = [_told(one, links) for one in consequences if one.weight is weight]
        few = weight is Weight.APPROVAL or len(told) <= MAX_SHOWN + _NOT_WORTH_A_CLICK
        at_once = len(told) if few else MAX_SHOWN
        if told:
            yield Section(
                weight.value, sign, MEANING[weight], tuple(told[:at_once]), tuple(told[at_once:])
            )


def _told(one: Consequence, links: Mapping[str, str]) -> Told:
    return Told(
        linked(one.text, links),
        tuple(linked(detail, links) for detail in one.details),
        tuple(reasons(one.causes, whole(one))),
    )


def _change(change: ResourceChange, anchor: str) -> Change:
    mark = mark_of(change)
    rows = [_property_row(one) for one in sorted(change.properties, key=lambda p: bool(p.noise))]
    notes = {row.notes for row in rows}
    causes = notes.pop() if len(notes) == 1 else ()
    return Change(
        anchor=anchor,
        change=change,
        mark=mark,
        sign=SIGNS[mark] or _NO_MARK,
        tone=css_class(mark),
        verdict=verdict(change),
        causes=causes,
        side=_SIDES.get(change.action, ""),
        rows=tuple(structs.replace(row, notes=()) if causes else row for row in rows),
    )


def _property_row(change: PropertyChange) -> Row:
    before, after = _text(change.before), _text(change.after)
    told = _REPLACES.get(change.replacement)
    row = Row(
        change.path,
        tags=(told,) if told else (),
        quiet_tag=change.noise.value if change.noise else "",
        notes=tuple(reasons(change.causes)),
    )
    if change.hidden or before == after:
        return structs.replace(row, instead=property_values(change))
    one, other = compared(before, after)
    return structs.replace(row, before=one, after=other)


def _parameter_row(change: ParameterChange) -> Row:
    row = Row(change.name, notes=(change.place,) if change.place else ())
    if change.hidden:
        return structs.replace(row, instead=parameter_values(change))
    one, other = compared(change.before, change.after)
    return structs.replace(row, before=one, after=other)


def _text(value: Any) -> str | None:
    """A value as it is written, as a whole; None where there is none."""
    if value is None or isinstance(value, str):
        return value
    flat = plain(value)
    written = text_of(flat)
    if written is None or "${?}" in written:
        return json.dumps(flat, indent=2, ensure_ascii=False, default=str)
    return written
