"""A graph as SVG, for a page: its colours are the page's own (``--mark-added`` …), light or dark.

Every box is a group with a title that a screen reader tells and a pointer shows; the picture as a
whole has a title and a description in words.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ecs_blocks.review.picture.graph import SIGNS, Mark, css_class
from ecs_blocks.review.picture.layout import BOX_HEIGHT, BOX_WIDTH, Layout, laid_out
from ecs_blocks.review.picture.spacing import Point
from ecs_blocks.review.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.review.picture.graph import Edge, Graph, Node

_PADDING: Final = 14
_WIDE: Final = 736
"""Pixels below which it has no need to be scrolled on a small screen: it can shrink."""
_TITLE: Final = 25
_KIND: Final = 33
"""So many characters of a line fit into a box at the sizes that the page's style gives."""


def svg(graph: Graph, identifier: str, links: Mapping[str, str]) -> str:
    """*graph* as an ``<svg>`` element; *identifier* is unique in the page that it goes into.

    *links* has for resources the fragment of the page that their box leads to.
    """
    return "\n".join(_elements(graph, laid_out(graph), identifier, links))


def described(graph: Graph) -> str:
    """The picture in words, for who cannot see it: how much is there, and what is marked."""
    marked = [f"{node.heading} ({node.subtitle}) {node.mark.value}" for node in _marked(graph)]
    count = sum(len(node.ids) for node in graph.nodes)
    told = f"Marked: {'; '.join(marked)}" if marked else "Nothing in it changes"
    told = "All of it is new" if graph.is_new else told
    return f"{graph.title}: {count} resources in {len(graph.nodes)} boxes. {told}."


def _marked(graph: Graph) -> list[Node]:
    return [node for node in graph.nodes if node.mark is not Mark.NONE]


def _elements(
    graph: Graph, layout: Layout, identifier: str, links: Mapping[str, str]
) -> Iterator[str]:
    width, height = round(layout.width), round(layout.height)
    looks = f'class="picture{" wide" * (width > _WIDE)}" width="{width}" height="{height}"'
    told = f'role="group" aria-labelledby="{identifier}-title {identifier}-desc"'
    yield f'<svg {looks} viewBox="0 0 {width} {height}" {told}>'
    yield f'<title id="{identifier}-title">{_written(graph.title)}</title>'
    yield f'<desc id="{identifier}-desc">{_written(described(graph))}</desc>'
    yield (
        f'<defs><marker id="{identifier}-arrow" viewBox="0 0 8 8" refX="7" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
        '<path d="M0 0L8 4L0 8z" class="head"/></marker></defs>'
    )
    for edge in graph.edges:
        line = _path(edge, layout.bends[edge], layout)
        yield f'<path class="edge" d="{line}" marker-end="url(#{identifier}-arrow)"/>'
    for node in graph.nodes:
        anchor = next((links[one] for one in node.ids if one in links), "")
        if anchor:
            yield f'<a href="#{anchor}">'
        yield from _box(node, layout.corners[node.key])
        if anchor:
            yield "</a>"
    yield "</svg>"


def _path(edge: Edge, bends: tuple[Point, ...], layout: Layout) -> str:
    """A smooth line from the edge of one box to the edge of another, by way of *bends*."""
    start, end = layout.corners[edge.source], layout.corners[edge.target]
    downwards = end.y >= start.y
    out = Point(start.x + BOX_WIDTH / 2, start.y + (BOX_HEIGHT if downwards else 0))
    into = Point(end.x + BOX_WIDTH / 2, end.y + (0 if downwards else BOX_HEIGHT))
    points = [out, *sorted(bends, key=lambda p: p.y, reverse=not downwards), into]
    parts = [f"M{out.x:.0f} {out.y:.0f}"]
    for one, other in pairwise(points):
        middle = (one.y + other.y) / 2
        parts.append(
            f"C{one.x:.0f} {middle:.0f} {other.x:.0f} {middle:.0f} {other.x:.0f} {other.y:.0f}"
        )
    return "".join(parts)


def _box(node: Node, corner: Point) -> Iterator[str]:
    mark = f" {css_class(node.mark)}" if node.mark is not Mark.NONE else ""
    x, y = round(corner.x), round(corner.y)
    told = ", ".join(filter(None, (node.heading, node.subtitle, node.mark.value, node.note)))
    yield f'<g class="box {css_class(node.area)}{mark}" transform="translate({x} {y})">'
    yield f"<title>{_written(told)}: {_written(', '.join(node.ids))}</title>"
    if node.count > 1:
        yield f'<rect class="behind" x="4" y="4" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="7"/>'
    yield f'<rect class="body" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="7"/>'
    yield f'<rect class="area" width="5" height="{BOX_HEIGHT}" rx="2"/>'
    yield f'<text class="name" x="{_PADDING}" y="23">{_fitted(node.heading, _TITLE)}</text>'
    below = node.subtitle
    room = _KIND
    if node.mark is not Mark.NONE:
        sign = f"{SIGNS[node.mark]} {node.mark.value}"
        room -= len(sign) + 2
        both = f"{below}, {node.note}"
        below = (both if len(both) <= room else node.note) if node.note else below
        place = f'x="{BOX_WIDTH - 10}" y="43" text-anchor="end"'
        yield f'<text class="sign" {place}>{escape(sign)}</text>'
    yield f'<text class="kind" x="{_PADDING}" y="43">{_fitted(below, room)}</text>'
    yield "</g>"


def _fitted(text: str, room: int) -> str:
    return _written(text if len(text) <= room else f"{text[: max(room - 1, 1)]}…")


def _written(text: str) -> str:
    return escape(visible(text))
