"""The lines of a review on a terminal, in a log or in a file: wrapped, painted, harmless."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Final

import click

from ecs_blocks.deploy.show.safe_text import clean, spelled, width, wrapped
from ecs_blocks.review.show.text import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.review.show.text import Line

PLAIN_COLUMNS: Final = 100
"""Where there is no terminal that says how wide it is."""
_LEAST_COLUMNS: Final = 40
_MOST_COLUMNS: Final = 120
_PAINT: Final[dict[Tone, dict[str, bool | str]]] = {
    Tone.TITLE: {"bold": True},
    Tone.ALARM: {"fg": "red", "bold": True},
    Tone.NOTICE: {"fg": "yellow"},
    Tone.FAINT: {"dim": True},
}


def print_lines(lines: Iterable[Line]) -> None:
    """Write *lines* to stdout, as wide as the terminal, in its colours if it has some."""
    columns = shutil.get_terminal_size((PLAIN_COLUMNS, 0)).columns
    columns = max(_LEAST_COLUMNS, min(columns, _MOST_COLUMNS))
    is_painted = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = as_text(lines, columns, is_painted=is_painted and os.environ.get("TERM") != "dumb")
    click.echo(spelled(text, getattr(sys.stdout, "encoding", None) or "utf-8"), nl=False)


def as_text(lines: Iterable[Line], columns: int, *, is_painted: bool = False) -> str:
    """*lines* in at most so many *columns*, each with a line feed."""
    return "".join(f"{row}\n" for line in lines for row in _rows(line, columns, is_painted))


def _rows(line: Line, columns: int, is_painted: bool) -> Iterator[str]:  # noqa: FBT001 - a setting
    before = " " * line.indent + (f"{clean(line.sign)} " if line.sign else "")
    after = " " * len(before)
    rows = wrapped(clean(line.text), columns - len(before))
    tail = clean(line.tail)
    if tail and width(rows[-1]) + width(tail) + 2 + len(before) <= columns:
        rows[-1] += f"  {tail}"
    elif tail:
        rows += wrapped(tail, columns - len(before))
    for number, row in enumerate(rows):
        whole = f"{after if number else before}{row}".rstrip()
        paint = _PAINT.get(line.tone) if is_painted and whole else None
        yield click.style(whole, **paint) if paint else whole  # type: ignore[arg-type]  # its names
