"""Every row of the fault table has a test, and no test names a row that is not there."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.deploy.faults.table import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS: Final = Path(__file__).parents[2]
PLACES: Final = ("deploy", "cli/deploying")
NUMBERS: Final = r"(\d+(?:(?:, | and )\d+)*)"


def rows_of(node: ast.AST) -> Iterator[str]:
    """The numbers that a test's name or docstring gives, or the id of a case."""
    match node:
        case ast.FunctionDef(name=name) if name.startswith("test_"):
            yield from re.findall(r"^test_row_(\d+)_", name)
            for found in re.findall(rf"\bRows? {NUMBERS}", ast.get_docstring(node) or ""):
                yield from re.findall(r"\d+", found)
        case ast.keyword(arg="id", value=ast.Constant(value=str(text))):
            yield from re.findall(r"^row (\d+)\b", text)


def rows_with_a_test() -> dict[int, set[str]]:
    """The rows that tests name, and the files of these."""
    found = defaultdict(set)
    for place in PLACES:
        for path in (TESTS / place).rglob("test_*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                for number in rows_of(node):
                    found[int(number)].add(path.name)
    return found


def test_every_row_has_a_test_and_every_test_a_row() -> None:
    assert sorted(rows_with_a_test()) == sorted(ROWS) == list(range(1, 91))


def test_a_row_says_what_goes_wrong_and_what_has_to_come_of_it() -> None:
    assert [number for number, text in ROWS.items() if ": " not in text] == []
