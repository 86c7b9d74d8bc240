"""Small graphs, and pictures of small stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from ecs_blocks.review.judging import review_pair
from ecs_blocks.review.picture.drawing import draw
from ecs_blocks.review.picture.graph import Area, Edge, Graph, Mark, Node
from ecs_blocks.review.side import Pair
from tests.review.stacks import side

if TYPE_CHECKING:
    from ecs_blocks.review.picture.layout import Layout
    from ecs_blocks.review.side import Side

_NAME = "{http://www.w3.org/2000/svg}"


def pair(before: Side | None, after: Side | None) -> Pair:
    """The same stack before and after."""
    return Pair(app="hoge", environment="prod", before=before, after=after)


def drawn(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Graph:
    """What is drawn of one set of resources that takes the place of another one."""
    both = pair(*(None if one is None else side(one) for one in (before, after)))
    return draw(both, review_pair(both))


def box(key: str, **settings: Any) -> Node:
    """A box, of a service if *settings* say no more."""
    wanted = {"title": key, "kind": "service", "area": Area.COMPUTE, "ids": (key,)}
    return Node(key=key, **{**wanted, **settings})


def graph(keys: str, arrows: str = "", **settings: Any) -> Graph:
    """Boxes and arrows: ``graph("a b c", "ab bc")``."""
    edges = tuple(Edge(one[0], one[1]) for one in arrows.split())
    return Graph(title="hoge", nodes=tuple(map(box, keys.split())), edges=edges, **settings)


def marks(found: Graph) -> dict[str, Mark]:
    """What happens to each box."""
    return {node.key: node.mark for node in found.nodes}


def arrows(found: Graph) -> set[tuple[str, str]]:
    """From which box to which."""
    return {(edge.source, edge.target) for edge in found.edges}


def rows(layout: Layout) -> list[list[str]]:
    """The keys of the boxes, row by row, from left to right."""
    found: dict[float, list[tuple[float, str]]] = {}
    for key, corner in layout.corners.items():
        found.setdefault(corner.y, []).append((corner.x, key))
    return [[key for _, key in sorted(row)] for _, row in sorted(found.items())]


def parsed(svg: str) -> ET.Element:
    """The element, or an error where it is no XML."""
    return ET.fromstring(svg.replace("<svg ", f'<svg xmlns="{_NAME[1:-1]}" ', 1))


def texts(svg: str, tag: str = "text") -> list[str]:
    """What stands in every element of this *tag*."""
    return ["".join(one.itertext()) for one in parsed(svg).iter(f"{_NAME}{tag}")]
