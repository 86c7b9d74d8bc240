"""What the page's template is given: everything decided, so that it has only to be written down."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.review.model import (
    Action,
    Consequence,
    PropertyChange,
    Replacement,
    ResourceChange,
    StackReview,
    Status,
    Weight,
)
from ecs_blocks.review.picture.svg import svg
from ecs_blocks.review.show.page.pieces import Piece, compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.review.model import Cause, ParameterChange, Review
    from ecs_blocks.review.side import Pair

SIGNS: Final = {Weight.APPROVAL: "!!", Weight.NOTICE: "!", Weight.CALM: "·"}
NAMES: Final = {
    Weight.APPROVAL: "needs approval",
    Weight.NOTICE: "read this",
    Weight.CALM: "calm",
}


class Section(Struct, frozen=True):
    """Consequences of one weight, under one heading."""

    weight: Weight
    heading: str
    sign: str
    consequences: tuple[Consequence, ...]


class PropertyView(Struct, frozen=True):
    """One property before and after, in pieces of which some are marked as changed."""

    change: PropertyChange
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    causes: tuple[str, ...]


class ChangeView(Struct, frozen=True):
    """One resource: ``sign`` and ``verdict`` say what happens to it, ``tone`` colours it."""

    change: ResourceChange
    sign: str
    verdict: str
    tone: str
    properties: tuple[PropertyView, ...]
    noise: int


class StackView(Struct, frozen=True):
    """One stack. ``anchor`` is its fragment: ``#hoge-prod``."""

    anchor: str
    stack: StackReview
    sign: str
    weight: str
    picture: str
    sections: tuple[Section, ...]
    changes: tuple[ChangeView, ...]
    quiet: tuple[ChangeView, ...]


class Summary(Struct, frozen=True):
    """The head of the page: one sentence, and how many stacks there are of each sort."""

    sentence: str
    unchanged: tuple[StackReview, ...]


def summary(review: Review) -> Summary:
    """What a reader knows after one line."""
    unchanged = tuple(s for s in review.stacks if s.status is Status.UNCHANGED)
    changed = [s for s in review.stacks if s.status is not Status.UNCHANGED]
    approval = sum(1 for s in changed if s.weight is Weight.APPROVAL)
    if not changed:
        return Summary("Nothing changes.", unchanged)
    stacks = "1 stack changes" if len(changed) == 1 else f"{len(changed)} stacks change"
    need = {0: "none needs approval", 1: "1 needs approval"}.get(
        approval, f"{approval} need approval"
    )
    return Summary(f"{stacks}; {need}.", unchanged)


def stack_views(review: Review, pairs: Sequence[Pair]) -> list[StackView]:
    """Every stack that changes, the weightiest first."""
    by_key = {(pair.app, pair.environment): pair for pair in pairs}
    views = []
    anchors: set[str] = set()
    for stack in review.stacks:
        if stack.status is Status.UNCHANGED:
            continue
        anchor = _anchor(stack, anchors)
        pair = by_key.get((stack.app, stack.environment))
        views.append(_stack_view(stack, anchor, pair))
    order = list(SIGNS)
    return sorted(views, key=lambda view: order.index(view.stack.weight))


def _anchor(stack: StackReview, taken: set[str]) -> str:
    words = "-".join(filter(None, (stack.app, stack.environment))) or stack.stack_name
    anchor = base = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "stack"
    number = 2
    while anchor in taken:
        anchor, number = f"{base}-{number}", number + 1
    taken.add(anchor)
    return anchor


def _stack_view(stack: StackReview, anchor: str, pair: Pair | None) -> StackView:
    changes = [_change_view(change) for change in stack.changes]
    return StackView(
        anchor=anchor,
        stack=stack,
        sign=SIGNS[stack.weight],
        weight=NAMES[stack.weight],
        picture=svg(pair, stack, anchor) if pair is not None else "",
        sections=tuple(
            Section(weight, NAMES[weight], sign, found)
            for weight, sign in SIGNS.items()
            if (found := tuple(c for c in stack.consequences if c.weight is weight))
        ),
        changes=tuple(sorted((c for c in changes if c.tone != "quiet"), key=_loudness)),
        quiet=tuple(c for c in changes if c.tone == "quiet"),
    )


_TONES: Final = ("replaced", "removed", "maybe", "added", "changed", "revision", "quiet")


def _loudness(view: ChangeView) -> int:
    return _TONES.index(view.tone)


def _change_view(change: ResourceChange) -> ChangeView:
    sign, verdict, tone = _verdict(change)
    if change.fate is not None:
        verdict = f"{verdict}; the old one is {change.fate.value}"
    return ChangeView(
        change,
        sign,
        verdict,
        tone,
        tuple(_property_view(p) for p in change.properties),
        sum(1 for p in change.properties if p.noise is not None),
    )


def _verdict(change: ResourceChange) -> tuple[str, str, str]:
    if change.action is Action.ADD:
        return "+", "added", "added"
    if change.action is Action.REMOVE:
        return "-", "removed", "removed"
    if change.is_noise:
        kinds = dict.fromkeys(str(p.noise.value) for p in change.properties if p.noise)
        return "·", f"only {' and '.join(kinds)}" if kinds else "nothing that runs", "quiet"
    if change.replacement is Replacement.NO:
        return "~", "changed in place", "changed"
    if change.type == "AWS::ECS::TaskDefinition":
        return "~", "new revision", "revision"
    if change.replacement is Replacement.MAYBE:
        return "!?", "may be replaced, decided during deploy", "maybe"
    return "!!", "replaced", "replaced"


def _property_view(change: PropertyChange) -> PropertyView:
    before, after = compared(_text(change.before), _text(change.after))
    return PropertyView(change, before, after, tuple(map(cause_text, change.causes)))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        return json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return json.dumps(value, default=str)


def cause_text(cause: Cause) -> str:
    """``parameter ImageTag 1.8.2 → 1.8.3 (stacks/hoge/environment.yaml:12)``."""
    told = f"{cause.kind} {cause.name}".strip()
    if cause.before or cause.after:
        told = f"{told} {cause.before or '(none)'} → {cause.after or '(none)'}"
    return f"{told} ({cause.place})" if cause.place else told


def parameter_pieces(change: ParameterChange) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """A parameter's two values, as for a property."""
    return compared(change.before, change.after)
