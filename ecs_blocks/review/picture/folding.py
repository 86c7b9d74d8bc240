"""Fewer boxes: what is alike becomes one box with a number, so that the picture stays readable.

What nothing happens to, or no more than a new revision, is folded first: of that, what stands
around the traffic (alarms, roles, security groups), then what hangs on the same boxes, then what is
of one kind. What changes is only folded where even that leaves too much. Different marks never
share a box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.review.picture.graph import Area, Edge, Graph, Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ecs_blocks.review.picture.graph import Node

MAX_NODES: Final = 30
"""So many boxes can be read on one screen."""
_MARKED_TOO: Final = 1.5
_AREAS_ONLY: Final = 2
"""So many times as many there may be before what changes is folded too, and then across kinds."""

_AROUND: Final = (Area.WATCH, Area.NETWORK, Area.PERMISSIONS)
_FEW: Final = 2
"""So many boxes of a kind stay apart."""


def folded(graph: Graph, max_nodes: int = MAX_NODES) -> Graph:
    """*graph* with about *max_nodes* boxes; half as many more where so much of it changes.

    Of a small one only records of one name are folded, and alarms to which the same happens.
    """
    graph = _fold(graph, lambda node: (_alike(node), node.title) if node.kind == "record" else None)
    graph = _fold(graph, lambda node: _alike(node) if node.kind == "alarm" else None)
    for enough, alike in _steps(max_nodes):
        if len(graph.nodes) <= enough:
            break
        graph = _fold(graph, alike(graph))
    return graph


def _steps(max_nodes: int) -> Iterator[tuple[int, Callable[[Graph], Callable[[Node], object]]]]:
    """Until how many boxes are left, and what to fold next."""
    around = set(_AROUND)

    def calm(node: Node) -> bool:
        return node.mark in {Mark.NONE, Mark.REVISION}

    yield (
        max_nodes // 2,
        lambda _: lambda n: _alike(n) if calm(n) and n.area in around else None,
    )
    yield max_nodes, lambda graph: _by_sources(graph, calm)
    yield max_nodes, lambda _: lambda n: _alike(n) if calm(n) else None
    crowd = round(_MARKED_TOO * max_nodes)
    yield crowd, lambda _: lambda n: _alike(n) if n.area in around else None
    yield crowd, lambda graph: _by_sources(graph, lambda _: True)
    yield crowd, lambda _: _alike
    yield _AREAS_ONLY * max_nodes, lambda _: lambda n: (n.area, n.mark)


def _alike(node: Node) -> object:
    return node.kind, node.mark


def _by_sources(graph: Graph, chosen: Callable[[Node], bool]) -> Callable[[Node], object]:
    """Alike is what is of one kind and hangs on the same boxes."""
    sources: dict[str, set[str]] = {}
    for edge in graph.edges:
        sources.setdefault(edge.target, set()).add(edge.source)
    return lambda n: (_alike(n), frozenset(sources.get(n.key, ()))) if chosen(n) else None


def _fold(graph: Graph, alike: Callable[[Node], object]) -> Graph:
    """Join the nodes for which *alike* says the same; those for which it says None stay."""
    groups: dict[object, list[Node]] = {}
    for node in graph.nodes:
        key = alike(node)
        groups.setdefault(node.key if key is None else (key,), []).append(node)
    nodes: list[Node] = []
    home: dict[str, str] = {}
    for group in groups.values():
        same_name = len({node.title for node in group}) == 1
        joined = [_joined(group)] if len(group) > (1 if same_name else _FEW) else group
        nodes += joined
        home |= {n.key: joined[0].key if len(joined) == 1 else n.key for n in group}
    moved = (Edge(home[edge.source], home[edge.target]) for edge in graph.edges)
    edges = dict.fromkeys(edge for edge in moved if edge.source != edge.target)
    return structs.replace(graph, nodes=tuple(nodes), edges=tuple(edges))


def _joined(group: list[Node]) -> Node:
    first = group[0]
    return structs.replace(
        first,
        title=_common([node.title for node in group]),
        kind=_common([node.kind for node in group]),
        ids=tuple(one for node in group for one in node.ids),
        count=sum(node.count for node in group),
        note=_common([node.note for node in group]),
    )


def _common(texts: list[str]) -> str:
    return texts[0] if len(set(texts)) == 1 else ""
