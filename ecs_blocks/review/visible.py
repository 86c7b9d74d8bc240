"""What cannot be seen in a text made visible: whoever approves a value has to see all of it."""

from __future__ import annotations

_STAYS = "\n\t"


def visible(text: str) -> str:
    r"""*text* with control characters, odd blanks and turns of direction by their number.

    ``a\xa0b`` of an ``a b`` whose blank is none; ``\u202e`` of what would be read backwards.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _STAYS else _number(c) for c in text)


def _number(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
