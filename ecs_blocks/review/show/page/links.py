"""Fragments of the page (``#hoge-prod-HogeService``), and sentences with links to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Linked(Struct, frozen=True):
    """A run of text; ``anchor`` is the fragment that it leads to, if it leads anywhere."""

    text: str
    anchor: str = ""


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
    for run in re.split(r"(\w+)", text):
        if run:
            yield Linked(run, links.get(run, ""))
