"""A type checker finds a token's misuse before anything runs: mypy over a file of mistakes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

MISUSE = Path(__file__).with_name("misuse.py")


@pytest.mark.slow
def test_each_marked_line_is_a_type_error_and_no_other(tmp_path: Path) -> None:
    lines = MISUSE.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("# error")}
    copy = tmp_path / "misuse.py"
    copy.write_text("\n".join(line.removesuffix("  # error") for line in lines), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "pyproject.toml"]
    done = subprocess.run(
        [*command, str(copy)],
        cwd=MISUSE.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    found = {int(n) for n in re.findall(r"misuse\.py:(\d+): error", done.stdout)}

    assert found == marked, done.stdout
