"""Fewer boxes: what is alike becomes one box with a number, so that the picture stays readable.

What stands around the traffic (alarms, roles, security groups) is folded first; what carries it
only where too much is left, and then only what hangs on the same box. Resources with different
marks never share a box: what changes stays to be seen.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.review.picture.graph import Area, Edge, Graph, Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ecs_blocks.review.picture.graph import Node

MAX_NODES: Final = 30
"""So many boxes can be read on one screen."""

_AROUND: Final = (Area.WATCH, Area.NETWORK, Area.PERMISSIONS)
_FEW: Final = 2
"""So many boxes of a kind stay apart."""


def folded(graph: Graph, max_nodes: int = MAX_NODES) -> Graph:
    """*graph* with at most about *max_nodes* boxes; a small one stays as it is, but for alarms."""
    graph = _fold(graph, lambda node: (_alike(node), node.title) if node.kind == "record" else None)
    graph = _fold(graph, lambda node: _alike(node) if node.kind == "alarm" else None)
    for area in _AROUND:
        if len(graph.nodes) <= max_nodes // 2:
            return graph
        graph = _fold(graph, partial(_alike_in, area))
    if len(graph.nodes) > max_nodes:
        sources = _sources(graph)
        graph = _fold(graph, lambda n: (n.kind, n.mark, sources.get(n.key, frozenset())))
    if len(graph.nodes) > max_nodes:
        graph = _fold(graph, lambda n: (n.kind, n.mark))
    return graph


def _alike(node: Node) -> object:
    return node.kind, node.mark, node.note


def _alike_in(area: Area, node: Node) -> object:
    return _alike(node) if node.area is area else None


def _sources(graph: Graph) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for edge in graph.edges:
        found.setdefault(edge.target, set()).add(edge.source)
    return {key: frozenset(sources) for key, sources in found.items()}


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


def _joined(group: Iterable[Node]) -> Node:
    first, *rest = group
    ids = tuple(one for node in (first, *rest) for one in node.ids)
    count = sum(node.count for node in (first, *rest))
    note = "" if first.mark in (Mark.NONE, Mark.ADDED, Mark.REMOVED) else first.note
    if all(node.title == first.title for node in rest):
        kind = f"{count} {plural(first.kind)}"
        return structs.replace(first, kind=kind, ids=ids, note=note)
    title = f"{count} {plural(first.kind)}"
    return structs.replace(first, title=title, ids=ids, count=count, note=note)


def plural(kind: str) -> str:
    """``policies`` of ``policy``, ``instances`` of ``instances``."""
    if kind.endswith("s") and not kind.endswith("ss"):
        return kind
    if kind.endswith("y") and kind[-2] not in "aeiou":
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith(("ss", "x", "ch")) else f"{kind}s"
