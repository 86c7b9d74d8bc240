"""Where boxes stand: what hangs together in layers, and one such group below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.review.picture.graph import Edge
from ecs_blocks.review.picture.layers import layered
from ecs_blocks.review.picture.spacing import Point, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.review.picture.graph import Graph
    from ecs_blocks.review.picture.spacing import Spread

BOX_WIDTH: Final = 224
BOX_HEIGHT: Final = 56
BOXES_ACROSS: Final = 5
"""More are wrapped: a picture that is wider has to shrink on a screen, and cannot be read."""
_GAP: Final = 24
_LAYER: Final = BOX_HEIGHT + 44
_MARGIN: Final = 12
_SHELF: Final = BOXES_ACROSS * (BOX_WIDTH + _GAP)


class Layout(Struct, frozen=True):
    """The upper left corner of every box by its key; for every edge the bends on its way."""

    corners: dict[str, Point]
    bends: dict[Edge, tuple[Point, ...]]
    width: float
    height: float


def laid_out(graph: Graph) -> Layout:
    """Give every box of *graph* a place; the same graph gets the same places.

    The largest group of boxes that hang together comes first. Small ones stand beside each other,
    as far as there is room.
    """
    corners: dict[str, Point] = {}
    bends: dict[Edge, tuple[Point, ...]] = {}
    groups = (_group(keys, graph.edges) for keys in _components(graph))
    shelves = list(_shelves(groups))
    width = max((_width(shelf) for shelf in shelves), default=0.0)
    top = float(_MARGIN)
    for shelf in shelves:
        left = _MARGIN + (width - _width(shelf)) / 2
        for group in shelf:
            for key, corner in group.corners.items():
                corners[key] = Point(corner.x + left, corner.y + top)
            for edge, points in group.bends.items():
                bends[edge] = tuple(Point(p.x + left, p.y + top) for p in points)
            left += group.width + _GAP
        top += max(group.height for group in shelf) + _LAYER - BOX_HEIGHT
    height = top - (_LAYER - BOX_HEIGHT) if shelves else top
    return Layout(corners, bends, width + 2 * _MARGIN, height + _MARGIN)


def _components(graph: Graph) -> list[list[str]]:
    """The keys of the boxes that hang together, the largest group first."""
    home = {node.key: [node.key] for node in graph.nodes}
    for edge in graph.edges:
        one, other = home[edge.source], home[edge.target]
        if one is not other:
            one += other
            home |= dict.fromkeys(other, one)
    groups = {id(keys): keys for keys in home.values()}
    return sorted(groups.values(), key=len, reverse=True)


def _group(keys: list[str], edges: Iterable[Edge]) -> Layout:
    """One group of boxes, its upper left corner at 0, 0."""
    if len(keys) == 1:
        return Layout({keys[0]: Point(0, 0)}, {}, BOX_WIDTH, BOX_HEIGHT)
    inside = set(keys)
    own = [edge for edge in edges if edge.source in inside]
    layers = layered(keys, [(edge.source, edge.target) for edge in own], BOXES_ACROSS)
    placed: Spread = spread(layers, BOX_WIDTH, _GAP, _SHELF)
    corners = {
        key: Point(middle - BOX_WIDTH / 2, row * _LAYER)
        for key, (middle, row) in placed.places.items()
    }
    bends = {
        edge: tuple(
            Point(x, row * _LAYER + y) for x, row in route for y in (0, BOX_HEIGHT)
        )  # straight past the boxes of the row
        for edge, route in zip(own, placed.routes, strict=True)
    }
    height = max(corner.y for corner in corners.values()) + BOX_HEIGHT
    return Layout(corners, bends, placed.width, height)


def _shelves(groups: Iterable[Layout]) -> Iterator[list[Layout]]:
    """Rows of groups; a row takes what fits into its width and is about as high."""
    shelf: list[Layout] = []
    for group in groups:
        fits = _width([*shelf, group]) <= _SHELF
        if shelf and not (fits and group.height >= shelf[0].height / 2):
            yield shelf
            shelf = []
        shelf.append(group)
    if shelf:
        yield shelf


def _width(shelf: list[Layout]) -> float:
    return sum(group.width for group in shelf) + _GAP * (len(shelf) - 1)
