"""Foreign texts made safe to print, and made to fit.

Reasons come from AWS and log lines from containers, so from anybody. Nothing in them may move the
cursor, change a colour, turn the direction of writing, break an output that is not UTF-8, or give
orders to the CI server that reads it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ESCAPES: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, moves, clearing
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]*(?:\x07|\x1b\\|\x9c)"  # OSC: titles, links, the clipboard
    r"|\x1b\][0-9]+;[^\x07\x1b\x9c]*"  # one whose end was cut off
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x90\x98\x9c\x9e\x9f]*(?:\x1b\\|\x9c)"  # DCS, SOS…
    r"|\x1b[ -/]*[0-~]"
    r"|[\ufe00-\ufe0f]"  # of which terminals disagree how wide they make a character
)
_OF_ONE: Final = ("✓⟳✗○•│█░·×–—“”‘’", "+*!o-|#.-x--\"\"''")  # noqa: RUF001 - AWS writes some
_SPELLINGS: Final = {**dict(zip(*_OF_ONE, strict=True)), "→": "->", "…": "..."}
"""What stands for a sign where the output cannot show it."""

_ORDER: Final = re.compile(r"^\s*:(?=:.*::)|#(?=#\w*\[)")
"""``::error::``, ``::set-output …::`` begin a line of GitHub's; ``##vso[``, ``##[``,
``##teamcity[`` may stand anywhere in one.
"""


def clean(text: str) -> str:
    """One line without escape sequences, control characters and invisible signs.

    What a CI server would take for an order (``::error::``, ``##vso[``) is broken by a blank.
    """
    text = _ESCAPES.sub("", text)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    return _ORDER.sub(r"\g<0> ", text)


def clean_json(text: str) -> str:
    """JSON of the same content in which no CI server finds an order."""
    return _ORDER_IN_JSON.sub(r"#\\u0023\1", text)


def clean_markup(text: str) -> str:
    """Markdown or HTML that reads the same, in which no CI server finds an order."""
    return _ORDER_IN_LINES.sub("\\g<0>\u200b", text)


_ORDER_IN_LINES: Final = re.compile(r"^[ \t]*:(?=:.*::)|#(?=#\w*\[)", re.MULTILINE)
_ORDER_IN_JSON: Final = re.compile(r"##(\w*\[)")


def clean_lines(text: str) -> list[str]:
    """The same for a text of several lines: indentation stays, blanks at the ends of lines go."""
    found = []
    for line in text.splitlines():
        stripped = line.lstrip(" \t")
        indent = " " * len(line[: len(line) - len(stripped)].expandtabs(4))
        found.append((indent + clean(stripped)).rstrip())
    return found


def spelled(text: str, encoding: str) -> str:
    """*text* with nothing that *encoding* lacks: signs in ASCII, the rest by number."""
    if text.isascii():
        return text
    return "".join(_spelling(character, encoding) for character in text)


@lru_cache(maxsize=4096)
def _spelling(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        ascii_only = character.encode("ascii", "backslashreplace").decode()
        return _SPELLINGS.get(character, ascii_only)
    return character


def width(text: str) -> int:
    """How many columns *text* takes: East Asian characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, columns: int, ellipsis: str = "…") -> str:
    """*text* in at most *columns* columns; *ellipsis* shows that something is missing."""
    if width(text) <= columns:
        return text
    room = columns - width(ellipsis)
    if room <= 0:
        return ellipsis[: max(columns, 0)]
    return head(text, room) + ellipsis


def head(text: str, columns: int) -> str:
    """As much of the beginning as fits."""
    used = 0
    for index, character in enumerate(text):
        used += _cells(character)
        if used > columns:
            return text[:index]
    return text


def wrapped(text: str, columns: int) -> list[str]:
    """*text* in lines of at most *columns*, broken between words; a longer word is broken too.

    What would become an order to a CI server as it comes to stand at the beginning of a line, is
    broken by a blank.
    """
    columns = max(columns, 2)
    lines = _wrapped(text, columns)
    if any(map(_ORDER.search, lines)):
        lines = [_ORDER.sub(r"\g<0> ", line) for line in _wrapped(text, columns - 1)]
    return lines


def _wrapped(text: str, columns: int) -> list[str]:
    lines = [""]
    for word in text.split():
        both = f"{lines[-1]} {word}" if lines[-1] else word
        if width(both) <= columns:
            lines[-1] = both
            continue
        if lines[-1]:
            lines.append("")
        rest = word
        while len(first := head(rest, columns)) < len(rest):
            lines[-1] = first
            rest = rest[len(first) :]
            lines.append("")
        lines[-1] = rest
    return lines
