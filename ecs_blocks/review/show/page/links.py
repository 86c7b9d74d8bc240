"""Fragments of the page (``#hoge-prod-HogeService``), and sentences with links to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RUN: Final = re.compile(r"(`[^`\n]+`|\w+)")


class Linked(Struct, frozen=True):
    """A run of text; ``anchor`` is the fragment that it leads to, if it leads anywhere.

    ``is_code``: it stood between backticks.
    """

    text: str
    anchor: str = ""
    is_code: bool = False


def new_anchor(words: str, taken: set[str]) -> str:
    """A fragment like *words* that no other place has; it is added to those *taken*."""
    anchor = base = re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-") or "place"
    number = 2
    while anchor in taken:
        anchor, number = f"{base}-{number}", number + 1
    taken.add(anchor)
    return anchor


def linked(text: str, links: Mapping[str, str]) -> tuple[Linked, ...]:
    """*text*, in which each logical id that has a place in *links* leads there."""
    return tuple(_runs(text, links))


def _runs(text: str, links: Mapping[str, str]) -> Iterator[Linked]:
    for run in _RUN.split(text):
        if len(run) > 2 and run.startswith("`") and run.endswith("`"):
            yield Linked(run[1:-1], is_code=True)
        elif run:
            yield Linked(run, links.get(run, ""))
