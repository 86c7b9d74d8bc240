"""Which words of two texts differ, to be marked side by side."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

from msgspec import Struct

_WORD: Final = re.compile(r"\s+|[\w-]+|.", re.DOTALL)
MAX_WORDS: Final = 1_500
"""Beyond so many the texts are shown as wholly different: to compare them takes too long."""


class Piece(Struct, frozen=True):
    """A run of text, and whether the other side has something else there."""

    text: str
    differs: bool = False


def compared(before: str | None, after: str | None) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces; nothing on a side whose text is None."""
    if before is None or after is None or before == after:
        return _whole(before, differs=False), _whole(after, differs=False)
    left, right = _WORD.findall(before), _WORD.findall(after)
    if len(left) > MAX_WORDS or len(right) > MAX_WORDS:
        return _whole(before, differs=True), _whole(after, differs=True)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < 0.3:  # what little they share would only look like confetti
        return _whole(before, differs=True), _whole(after, differs=True)
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        for side, words in zip(pieces, (left[i1:i2], right[j1:j2]), strict=True):
            if words:
                side.append(Piece("".join(words), tag != "equal"))
    return tuple(pieces[0]), tuple(pieces[1])


def _whole(text: str | None, *, differs: bool) -> tuple[Piece, ...]:
    return () if text is None else (Piece(text, differs),)
