"""A line of the screen: pieces of text, each with its tone, on paper of some size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from ecs_blocks.deploy.show import safe_text
from ecs_blocks.deploy.show.words import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable


class Span(Struct, frozen=True):
    """A piece of a line."""

    text: str
    tone: Tone = Tone.PLAIN


_SGR: Final = {
    Tone.GOOD: "32",
    Tone.BUSY: "36",
    Tone.BAD: "1;31",
    Tone.QUIET: "2",
    Tone.STRONG: "1",
}

Line: TypeAlias = tuple[Span, ...]


class Paper(Struct, frozen=True):
    """What is written on: *columns* by *rows*, and what characters its encoding has."""

    columns: int
    rows: int = 24
    encoding: str = "utf-8"


def safe(text: str, paper: Paper) -> str:
    """Foreign text as the paper can show it."""
    return safe_text.spelled(safe_text.clean(text), paper.encoding)


def cut(text: str, columns: int, paper: Paper) -> str:
    """Foreign text in at most *columns*."""
    return safe_text.cut(safe(text, paper), columns, safe_text.spelled("…", paper.encoding))


def fitted(spans: Iterable[Span], paper: Paper) -> Line:
    """The line as it is written: clean, and cut at the edge of the paper."""
    line = tuple(Span(safe(span.text, paper), span.tone) for span in spans if span.text)
    if safe_text.width(plain(line)) <= paper.columns:
        return line
    ellipsis = safe_text.spelled("…", paper.encoding)[: paper.columns]
    left = paper.columns - len(ellipsis)
    found: list[Span] = []
    for span in line:
        text = safe_text.head(span.text, left)
        left -= safe_text.width(text)
        if text != span.text:
            return (*found, Span(text + ellipsis, span.tone))
        found.append(span)
    return tuple(found)


def paragraph(first: str, text: str, tone: Tone, paper: Paper) -> list[Line]:
    """A text of some length, wrapped; *first* stands before it, and its width before the rest."""
    begin = safe(first, paper)
    indent = safe_text.width(begin)
    if indent > paper.columns // 2:  # narrow paper: the text has lines of its own
        indent = min(6, paper.columns // 2)
    lines = [
        " " * indent + line for line in safe_text.wrapped(safe(text, paper), paper.columns - indent)
    ]
    if indent == safe_text.width(begin):
        lines[0] = begin + lines[0][indent:]
    else:
        lines.insert(0, begin)
    return [fitted([Span(line, tone)], paper) for line in lines]


def hanging(first: str, text: str, paper: Paper) -> list[str]:
    """A paragraph without colours, as text."""
    return [plain(line).rstrip() for line in paragraph(first, text, Tone.PLAIN, paper)]


def plain(line: Line) -> str:
    """The text of a line alone."""
    return "".join(span.text for span in line)


def ansi(line: Line) -> str:
    """The text of a line with its colours."""
    return "".join(
        f"\x1b[{_SGR[span.tone]}m{span.text}\x1b[0m" if span.tone in _SGR else span.text
        for span in line
    )
