"""Whom security groups let in and out, before and after, wherever the rule is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.openings import (
    Opening,
    Place,
    is_covered,
    joined,
    open_by_default,
    openings,
    with_the_world,
)
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.impact.subject import Subject

_WEB: Final = ("port 80", "port 443")
_Holders = tuple[Place, ...]
_Held = list[tuple[Opening, _Holders]]
"""Openings, each with the resources and the properties that it stands in."""


def network_rules(subject: Subject) -> Iterator[Finding]:
    """What newly comes through security groups, and what no longer does.

    What a new group lets through is read with the service that it is for: of it only what is open
    to the world, or to addresses of the internet, is told. A group that goes takes its rules along,
    and ``deletion`` tells of it. A group of another stack neither comes nor goes.
    """
    before, after = _sides(subject)
    ids = subject.before.resources.keys(), subject.after.resources.keys()
    new, gone = ids[1] - ids[0], ids[0] - ids[1]
    rows = joined(before), joined(after)
    came = {
        one: holder
        for one, holder in after.items()
        if (one.group not in new or (one.incoming and (one.world or one.public)))
        and not is_covered(one, rows[0])
    }
    went = {
        one: holder
        for one, holder in before.items()
        if one.group not in gone and not is_covered(one, rows[1])
    }
    opened: dict[tuple[str, str, bool], _Held] = {}
    for one, holders in _of_both_ends(came):
        opened.setdefault((one.group, one.ports, one.incoming), []).append((one, holders))
    closed: dict[tuple[str, bool], _Held] = {}
    for one, holders in _of_both_ends(went):
        closed.setdefault((one.group, one.incoming), []).append((one, holders))
    alike: dict[tuple[str, bool, bool, tuple[str, ...]], _Held] = {}
    for (group, ports, incoming), found in opened.items():
        peers = tuple(one.peer for one, _ in found)
        alike.setdefault((group, incoming, ports in _WEB, peers), []).extend(found)
    for found in alike.values():
        first = found[0][0]
        instead = closed.get((first.group, first.incoming), [])
        if instead and _is_moved(found, instead) and not _left(instead, after):
            del closed[first.group, first.incoming]
            yield _moved(found, instead)
        else:
            yield _opened(found, usual=subject.is_new)
    for found in closed.values():
        yield _closed(found, _left(found, after))


def _sides(subject: Subject) -> tuple[dict[Opening, Place], dict[Opening, Place]]:
    """What is open before and after.

    A group lets everything out by default only until it gets an egress rule, and not again when it
    loses that; one that is replaced begins anew.
    """
    defaults = open_by_default(subject.before), open_by_default(subject.after)
    stays = {
        one: place
        for one, place in defaults[1].items()
        if one in defaults[0] or subject.is_replaced(one.group)
    }
    before = {**openings(subject.before), **defaults[0]}
    return before, with_the_world({**openings(subject.after), **stays})


def _left(closed: _Held, after: dict[Opening, Place]) -> _Held:
    """What of the *closed* ones is still open, by narrower rules."""
    first = closed[0][0]
    rows = joined(one for one, _ in closed)
    return [
        (one, (place,))
        for one, place in after.items()
        if (one.group, one.incoming) == (first.group, first.incoming) and is_covered(one, rows)
    ]


def _of_both_ends(found: dict[Opening, Place]) -> Iterator[tuple[Opening, _Holders]]:
    """Each opening; what one group lets out and the other lets in is one, the other's."""
    for one, holder in found.items():
        end = replace(one, group=one.peer, incoming=not one.incoming, peer=one.group)
        if end not in found:
            yield one, (holder,)
        elif one.incoming:
            yield one, (holder, found[end])


def _is_moved(opened: _Held, closed: _Held) -> bool:
    """Whether the same peers, none of the internet, reach other ports in the place of these."""
    sides = [[one for one, _ in found] for found in (opened, closed)]
    peers = [{one.peer for one in found} for found in sides]
    whole = all(
        len(found) == len(names) * len({one.ports for one in found})
        for found, names in zip(sides, peers, strict=True)
    )
    is_exposed = any(one.world or one.public for one in sides[0])
    return whole and peers[0] == peers[1] and not is_exposed


def _opened(found: _Held, *, usual: bool) -> Finding:
    """What the same peers newly reach of a group. *usual*: a new app opens the web's ports."""
    first = found[0][0]
    exposed = Weight.NOTICE if usual and first.ports in _WEB else Weight.APPROVAL
    world = any(one.world for one, _ in found)
    peers = listed(one.peer for one, _ in found)
    ports = listed(one.ports for one, _ in found)
    is_open = "is" if ports == first.ports and not ports.startswith("ports ") else "are"
    weight = Weight.NOTICE
    if not first.incoming:
        words = f"may now reach {peers} on {ports}"
    elif world:
        words = f"{ports} {is_open} open to the world ({peers})"
        weight = exposed
    else:
        words = f"{ports} {is_open} now open to {peers}"
        outside = list(dict.fromkeys(one.peer for one, _ in found if one.public))
        if outside:
            weight = exposed
            are_all = len(outside) == len({one.peer for one, _ in found})
            words += f" ({'' if are_all else f'{listed(outside)}: '}public addresses)"
    return _finding(f"{first.group}: {words}", weight, found)


def _closed(found: _Held, left: _Held) -> Finding:
    """What is no longer open, and what is *left* of it."""
    first = found[0][0]
    way = "from" if first.incoming else "to"
    what, still = (
        listed(f"{one.ports} {way} {one.peer}" for one, _ in held) for held in (found, left)
    )
    words = f"no longer lets {'in' if first.incoming else 'out'} {what}"
    rest = f" (still {still})" if still else ""
    return _finding(f"{first.group}: {words}{rest}", Weight.NOTICE, [*found, *left])


def _moved(opened: _Held, closed: _Held) -> Finding:
    first = opened[0][0]
    new, old = (listed(one.ports for one, _ in found) for found in (opened, closed))
    peers = listed(one.peer for one, _ in opened)
    way = f"open to {peers}" if first.incoming else f"may reach {peers}"
    text = f"{first.group}: {way} on {new}, no longer on {old}"
    return _finding(text, Weight.NOTICE, [*opened, *closed])


def _finding(text: str, weight: Weight, found: _Held) -> Finding:
    covers = tuple(dict.fromkeys(one for _, holders in found for one in holders))
    return Finding(kind="exposure", weight=weight, text=text, covers=covers)
