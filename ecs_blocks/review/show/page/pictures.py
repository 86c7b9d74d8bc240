"""The picture of a stack in the page, and the legend under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.review.picture.drawing import draw
from ecs_blocks.review.picture.folding import folded
from ecs_blocks.review.picture.graph import SIGNS, Area, Mark, css_class
from ecs_blocks.review.picture.svg import svg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.review.model import StackReview
    from ecs_blocks.review.side import Pair


class Swatch(Struct, frozen=True):
    """A line of the legend: a colour by its ``tone``, a sign, and what they mean."""

    tone: str
    word: str
    sign: str = ""


class Picture(Struct, frozen=True):
    """An ``<svg>`` element, what its colours and signs mean, and what is said under it."""

    svg: str
    areas: tuple[Swatch, ...]
    marks: tuple[Swatch, ...]
    note: str


def picture_of(
    pair: Pair | None, stack: StackReview, identifier: str, links: Mapping[str, str]
) -> Picture | None:
    """The picture of *stack*; None of one that is not there after the change, or is empty.

    *links* has the fragment of each resource that changes: its box leads there.
    """
    if pair is None or pair.after is None:
        return None
    graph = folded(draw(pair, stack))
    if not graph.nodes:
        return None
    areas = {node.area for node in graph.nodes}
    marks = {node.mark for node in graph.nodes} - {Mark.NONE}
    many = any(node.count > 1 for node in graph.nodes)
    notes = ["all of it is new"] if graph.is_new else []
    notes += ["a box with a shadow stands for several resources"] if many else []
    return Picture(
        svg=svg(graph, identifier, links),
        areas=tuple(Swatch(css_class(area), area.value) for area in Area if area in areas),
        marks=tuple(Swatch(css_class(m), m.value, SIGNS[m]) for m in Mark if m in marks),
        note="; ".join(notes),
    )
