"""The exit codes of the how-to are those of the program, each with its meaning."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from ecs_blocks.cli.run_task import FAILED, run_task
from ecs_blocks.deploy.errors import EXIT_CODES, Exit

HOW_TO: Final = Path(__file__).parents[2] / "docs" / "how-to" / "deploy.md"
ROWS: Final = {
    int(code): meaning
    for code, meaning in re.findall(
        r"^\| (\d+) \| ([^|]+) \|", HOW_TO.read_text(encoding="utf-8"), re.MULTILINE
    )
}


def test_the_table_has_every_code_and_no_other() -> None:
    assert list(ROWS) == sorted({*map(int, Exit), FAILED})
    assert set(EXIT_CODES) == set(Exit)


@pytest.mark.parametrize("code", Exit)
def test_a_code_means_what_the_program_says(code: Exit) -> None:
    assert ROWS[int(code)] == EXIT_CODES[code]


def test_the_one_of_run_stands_in_its_help() -> None:
    assert f"{FAILED} is a failure" in str(run_task.help)
