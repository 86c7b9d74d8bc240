"""Many apps are rendered by several processes, with the result that one would have had."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.project import ENVIRONMENT, SCRIPT, project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

pytestmark = pytest.mark.slow

COUNT = 40
"""More apps than one process takes."""


@pytest.fixture(name="fleet")
def fixture_fleet(tmp_path: Path) -> Project:
    """Forty apps beside hoge, each with a name of its own in its values."""
    made = project(tmp_path)
    for number in range(COUNT):
        made.app(f"app{number}", ENVIRONMENT + f"    GroupName: /app{number}\n")
    return made


def test_every_app_is_written_once_and_with_its_own_values(fleet: Project) -> None:
    files = fleet.rendered()

    assert len(files) == 3 * (COUNT + 1)
    assert [
        number
        for number in range(COUNT)
        if f'"GroupName": "/app{number}"' not in files[f"app{number}/prod.json"]
    ] == []


def test_many_at_once_give_the_bytes_that_one_alone_gives(fleet: Project) -> None:
    together = fleet.rendered()
    shutil.rmtree(fleet.build)
    fleet.rendered("app0")
    fleet.rendered("app13", "hoge")
    alone = fleet.rendered("app39")

    assert len(alone) == 12
    assert together | alone == together


def test_the_table_keeps_the_order_of_the_names(fleet: Project) -> None:
    rows = fleet.render().stderr.splitlines()[1:]
    expected = sorted(["hoge", *(f"app{n}" for n in range(COUNT))])

    assert [row.split()[:2] for row in rows] == [[n, e] for n in expected for e in ("dev", "prod")]


def test_the_problems_of_all_are_listed(fleet: Project) -> None:
    for number in (3, 17, 39):
        fleet.write(f"app{number}/environment.yaml", ENVIRONMENT.replace("365", "366"))
    fleet.write("app20/stack.py", "1 / 0\n")

    assert fleet.refusal() == [
        "stacks/app17/environment.yaml:6:20: parameters.prod.RetentionDays: got 366; "
        "allowed: 1 to 365",
        "stacks/app20/stack.py:1:1: ZeroDivisionError: division by zero",
        "stacks/app3/environment.yaml:6:20: parameters.prod.RetentionDays: got 366; "
        "allowed: 1 to 365",
        "stacks/app39/environment.yaml:6:20: parameters.prod.RetentionDays: got 366; "
        "allowed: 1 to 365",
    ]


@pytest.mark.parametrize("call", ["sys.exit(0)", "sys.exit(1)", "os._exit(0)", "os.abort()"])
def test_a_script_that_ends_its_process_is_no_success(fleet: Project, call: str) -> None:
    fleet.write(
        "app20/stack.py", SCRIPT.replace("    return", f"    import os, sys; {call}\n    return")
    )
    outcome = fleet.process()

    assert outcome.code in {1, 2}
    assert "app20" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert fleet.files() == {}


def test_a_failure_to_write_is_said_as_by_one_process(fleet: Project) -> None:
    fleet.rendered()
    (fleet.build / "app20" / "mine.txt").write_text("mine")
    outcome = fleet.render()

    assert (outcome.code, outcome.stderr.splitlines()[0]) == (
        1,
        "build/app20 holds mine.txt, which no render wrote; nothing was changed: choose another "
        "--out, or move that file away",
    )
