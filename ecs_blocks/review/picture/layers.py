"""Boxes in layers from top to bottom, each in an order with few crossings (Sugiyama, by igraph)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ITERATIONS: Final = 200


class Layers(Struct, frozen=True):
    """Rows of things from left to right, and how they hang together.

    A thing is a box, by its key, or the bend of an arrow that passes the row, by the arrow's number
    and the row. ``chains`` has for every arrow what it runs through from box to box, downwards.
    """

    rows: tuple[tuple[Thing, ...], ...]
    chains: tuple[tuple[Thing, ...], ...]


Thing = str | tuple[int, int]


def layered(keys: Sequence[str], arrows: Sequence[tuple[str, str]], across: int) -> Layers:
    """Put *keys* into rows of at most *across* boxes, so that arrows point down but in a circle."""
    import igraph  # noqa: PLC0415 - only a page needs it

    number = {key: index for index, key in enumerate(keys)}
    pairs = [(number[source], number[target]) for source, target in arrows]
    net = igraph.Graph(n=len(keys), edges=pairs, directed=True)
    first = net.layout_sugiyama(hgap=1, vgap=1, maxiter=_ITERATIONS)
    rows = _wrapped(first.coords, across)
    placed = net.layout_sugiyama(layers=rows, hgap=1, vgap=1, maxiter=_ITERATIONS)
    return _read(keys, pairs, rows, placed)


def _wrapped(coords: Iterable[Sequence[float]], across: int) -> list[int]:
    """The row of every box: a layer of more than *across* boxes becomes several rows."""
    layers: dict[int, list[tuple[float, int]]] = {}
    for box, (x, y) in enumerate(coords):
        layers.setdefault(round(y), []).append((x, box))
    rows: dict[int, int] = {}
    row = 0
    for _, boxes in sorted(layers.items()):
        needed = -(-len(boxes) // across)
        for place, (_, box) in enumerate(sorted(boxes)):
            rows[box] = row + place * needed // len(boxes)
        row += needed
    return [rows[box] for box in sorted(rows)]


def _read(
    keys: Sequence[str], pairs: Sequence[tuple[int, int]], rows: Sequence[int], placed: Any
) -> Layers:
    """What igraph says, by row and by arrow. Its bends stand in the rows that an arrow passes."""
    found: dict[int, list[tuple[float, Thing]]] = {}
    for key, row, (x, _) in zip(keys, rows, placed.coords, strict=True):
        found.setdefault(row, []).append((x, key))
    chains: list[tuple[Thing, ...]] = []
    for arrow, ((source, target), bends) in enumerate(zip(pairs, placed.edge_routing, strict=True)):
        passed: list[tuple[int, Thing]] = []
        for x, y in bends:
            row = round(y)
            passed.append((row, (arrow, row)))
            found.setdefault(row, []).append((x, (arrow, row)))
        ends = sorted([(rows[source], keys[source]), (rows[target], keys[target])])
        inner = (thing for _, thing in sorted(passed))
        chains.append((ends[0][1], *inner, ends[1][1]))
    ordered = (found[row] for row in sorted(found))
    return Layers(
        tuple(tuple(t for _, t in sorted(row, key=lambda one: one[0])) for row in ordered),
        tuple(chains),
    )
