"""The production traps, by number: each that a file names has a test of its name in that file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parent.glob("test_*.py"))

HANDLED = {
    *(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27),
    *(28, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 42, 43, 44, 45, 46, 49),
}
"""Those of a template. The others are a deploy's, or of features that do not exist yet."""


def named(path: Path) -> set[int]:
    """The traps that the docstring of *path* names."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return {int(number) for number in re.findall(r"^Trap (\d+):", text, re.MULTILINE)}


def covered(path: Path) -> set[int]:
    """The traps that a test, or a row of one, in *path* is named for."""
    found = re.findall(r'def test_trap_(\d+)_|id="trap (\d+):', path.read_text(encoding="utf-8"))
    return {int(first or second) for first, second in found}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_names_the_traps_that_it_tests(path: Path) -> None:
    assert named(path) == covered(path)


def test_every_trap_of_a_template_has_a_test() -> None:
    assert set[int]().union(*map(covered, FILES)) == HANDLED
