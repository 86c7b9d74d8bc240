"""Rows of boxes in a given order get their places: near what they hang on, and as narrow as can be.

igraph gives an arrow that passes a row as much room as a box; so only its order is taken. In turns
from above and from below, each thing is drawn to the middle of what it hangs on, as far as its
neighbours in the row let it: the least squares under that order (isotonic regression).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.review.picture.layers import Layers, Thing

_SWEEPS: Final = 24
_LOOSE: Final = 0.02
_LINE: Final = 0.0
"""An arrow takes no room of its own; the gaps on both sides are enough."""


class Point(Struct, frozen=True):
    """A place in the picture, in pixels from its upper left corner."""

    x: float
    y: float


class Spread(Struct, frozen=True):
    """The middle and the row of every box by its key; those of every arrow's bends, from its start.

    The left edge of the leftmost box is at 0.
    """

    places: dict[str, tuple[float, int]]
    routes: tuple[tuple[tuple[float, int], ...], ...]
    width: float


def spread(layers: Layers, box: float, gap: float, widest: float) -> Spread:
    """Places for boxes that are *box* wide and at least *gap* apart, all in pixels.

    What needs no more stays within *widest*.
    """
    above, below = _neighbours(layers)
    room = {thing: box if isinstance(thing, str) else _LINE for row in layers.rows for thing in row}
    middles: dict[Thing, float] = {}
    for row in layers.rows:
        middles |= _apart(row, dict.fromkeys(row, _Wish(0.0, 1.0)), room, gap, widest)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        side = above if downwards else below
        for row in layers.rows if downwards else layers.rows[::-1]:
            wanted = {t: _wish([middles[n] for n in side[t]], middles[t]) for t in row}
            middles |= _apart(row, wanted, room, gap, widest)
    left = min(middles[thing] - room[thing] / 2 for thing in middles)
    right = max(middles[thing] + room[thing] / 2 for thing in middles)
    row_of = {thing: number for number, row in enumerate(layers.rows) for thing in row}
    return Spread(
        {t: (middles[t] - left, row_of[t]) for t in middles if isinstance(t, str)},
        tuple(
            tuple((middles[t] - left, row_of[t]) for t in chain if not isinstance(t, str))
            for chain in layers.chains
        ),
        right - left,
    )


def _neighbours(
    layers: Layers,
) -> tuple[Mapping[Thing, list[Thing]], Mapping[Thing, list[Thing]]]:
    """For every thing what it hangs on in the rows above, and below."""
    above: dict[Thing, list[Thing]] = {thing: [] for row in layers.rows for thing in row}
    below: dict[Thing, list[Thing]] = {thing: [] for thing in above}
    for chain in layers.chains:
        for upper, lower in pairwise(chain):
            above[lower].append(upper)
            below[upper].append(lower)
    return above, below


class _Wish(Struct, frozen=True):
    """Where a thing would stand, and how much that counts."""

    place: float
    weight: float


def _wish(neighbours: Sequence[float], now: float) -> _Wish:
    """The middle of the *neighbours*; what has none stays, and gives way."""
    return _Wish(sum(neighbours) / len(neighbours), 1.0) if neighbours else _Wish(now, _LOOSE)


def _apart(
    row: Sequence[Thing],
    wanted: Mapping[Thing, _Wish],
    room: Mapping[Thing, float],
    gap: float,
    widest: float,
) -> dict[Thing, float]:
    """Places in the order of *row*, as near as can be to those *wanted*, with room between.

    All stay within *widest* around 0, as far as they fit: least squares between two bounds are
    those without bounds, cut off there.
    """
    offsets, at = [], 0.0
    for thing, before in zip(row, (None, *row), strict=False):
        if before is not None:
            lines = room[before] + room[thing] == 0
            at += (room[before] + room[thing]) / 2 + (gap / 2 if lines else gap)
        offsets.append(at)
    blocks: list[tuple[float, float, int]] = []
    for thing, offset in zip(row, offsets, strict=True):
        mean, weight, size = wanted[thing].place - offset, wanted[thing].weight, 1
        while blocks and blocks[-1][0] >= mean:
            other, more, count = blocks.pop()
            mean = (mean * weight + other * more) / (weight + more)
            weight, size = weight + more, size + count
        blocks.append((mean, weight, size))
    first = (room[row[0]] - widest) / 2
    last = (widest - room[row[-1]]) / 2 - offsets[-1]
    if last < first:
        first = last = (first + last) / 2
    starts = [min(max(mean, first), last) for mean, _, size in blocks for _ in range(size)]
    return {t: start + offset for t, start, offset in zip(row, starts, offsets, strict=True)}
