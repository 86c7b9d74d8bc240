"""``python -m tests.traps``: which tests name which trap, written into the page on traps.

A test names a trap in a docstring, of its file or its own: ``Trap 3: …``.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from tests.project import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE: Final = REPOSITORY / "docs" / "explanation" / "traps.md"
BEGIN: Final = "<!-- written by python -m tests.traps -->\n"
END: Final = "<!-- end -->\n"
COUNT: Final = 49
"""How many there are. A number is never given twice, and none is left out."""

_ROW: Final = re.compile(r"^\| (\d+) \|", re.MULTILINE)
_NAMED: Final = re.compile(r"\b[Tt]raps? (\d+(?:(?:, | and )\d+)*)")
_WITH_DOCSTRINGS: Final = (ast.Module, ast.ClassDef, ast.FunctionDef)


def described(text: str) -> list[int]:
    """The traps that have a row in the page."""
    return [int(number) for number in _ROW.findall(text.partition(BEGIN)[0])]


def named(tests: Path = REPOSITORY / "tests") -> dict[int, list[Path]]:
    """The files of tests that name each trap."""
    found: dict[int, list[Path]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        for number in sorted(set(_numbers(path.read_text(encoding="utf-8")))):
            found.setdefault(number, []).append(path)
    return dict(sorted(found.items()))


def _numbers(text: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, _WITH_DOCSTRINGS):
            for numbers in _NAMED.findall(ast.get_docstring(node) or ""):
                yield from map(int, re.findall(r"\d+", numbers))


def table() -> str:
    """Every trap and its tests, as Markdown."""
    rows = ["| # | tests |", "|---|---|"]
    for number, paths in named().items():
        links = (f"[{path.stem.removeprefix('test_')}]({_link(path)})" for path in paths)
        rows.append(f"| {number} | {', '.join(links)} |")
    return "\n".join(rows) + "\n"


def page(text: str) -> str:
    """The page with the table of now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


def _link(path: Path) -> str:
    return f"../../{path.relative_to(REPOSITORY).as_posix()}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
