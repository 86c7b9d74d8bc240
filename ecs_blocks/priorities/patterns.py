"""Patterns as a load balancer matches them: ``*`` is any text, ``?`` one character."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from ecs_blocks.values import Token

MAX_DEPTH: Final = 15
_WILD: Final = re.compile(r"[*?]+")
_VARIABLE: Final = re.compile(r"\$\{[^{}]*\}")


def wildcards(pattern: str) -> int:
    """How many wildcards a pattern has: ELB counts them."""
    return sum(character in "*?" for character in pattern)


@cache
def covers(wide: str, narrow: str) -> bool:
    """Whether *wide* matches everything that *narrow* matches.

    A star of *narrow* may stand for anything, nothing included, so only a star can take it.
    """
    here = {0}  # where in *wide* one can stand, after so much of *narrow*
    wide, narrow = _canonical(wide), _canonical(narrow)
    here = _past_stars(wide, here)
    for token in narrow:
        after = set()
        for place in here:
            if place == len(wide):
                continue
            character = wide[place]
            if character == "*":
                after.add(place)
            elif token != "*" and character in ("?", token):  # noqa: S105 - not a password
                after.add(place + 1)
        here = _past_stars(wide, after)
    return len(wide) in here


def _past_stars(wide: str, places: set[int]) -> set[int]:
    found = set(places)
    for place in sorted(places):
        while place < len(wide) and wide[place] == "*":
            place += 1  # noqa: PLW2901 - a cursor
            found.add(place)
    return found


def _canonical(pattern: str) -> str:
    """``*?*`` and ``?*`` are the same: the question marks go first, one star after them."""
    return _WILD.sub(lambda run: "?" * run[0].count("?") + "*" * ("*" in run[0]), pattern)


def text_of(value: Any) -> str:
    """A value of a condition as text; a token keeps its names: ``shop.${HostedZoneName}``."""
    match value.to_dict() if isinstance(value, Token) else value:
        case {"Ref": str() as name}:
            return "${" + name + "}"
        case {"Fn::Sub": str() as joined}:
            return joined
        case {"Fn::Sub": [str() as joined, dict()]}:
            return joined
        case dict():
            return "${…}"
        case plain:
            return str(plain)


def has_wildcard(value: Any) -> bool:
    """Whether a value has a wildcard of its own; what a token stands for does not count."""
    return wildcards(_VARIABLE.sub("", text_of(value))) > 0


def depth(value: Any) -> tuple[int, int]:
    """How narrow a path is: how many whole words it begins with, then whether more is asked.

    ``/shop`` and ``/shop/*`` belong together: (1, 0). ``/shop/*.png`` is narrower: (1, 1).
    """
    path = text_of(value)
    literal, *_ = _WILD.split(path, maxsplit=1)
    if literal == path:
        return _words(path), 0
    begun, _, last = literal.rpartition("/")
    rest = _canonical(last + path[len(literal) :])
    return _words(begun) if begun.startswith("/") else 0, int(rest != "*")


def _words(path: str) -> int:
    """How many words a path has; what is between two slashes without a word does not count."""
    return min(sum(bool(word) for word in path.split("/")), MAX_DEPTH)
