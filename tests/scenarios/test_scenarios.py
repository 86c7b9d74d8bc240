"""Every scenario renders, is judged clean, is typed, and takes few lines."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import ecs_blocks as eb
from ecs_blocks.cli.check import check
from tests.golden.files import STACKS
from tests.scenarios.table import AFTER, PAGE, Scenario, page, scenarios
from tests.scenarios.used import public_classes, used, used_in

if TYPE_CHECKING:
    from pathlib import Path

ALL = [pytest.param(one, id=one.name) for one in scenarios()]
MADE_ANEW = [pytest.param(one, id=one.name) for one in scenarios() if one.origin]


def findings(scenario: Scenario) -> list[dict[str, Any]]:
    """What ``ecs-blocks check`` says of a scenario."""
    path = list(sys.path)
    try:
        done = CliRunner().invoke(
            check,
            ["--stacks", str(scenario.root), "--json", "--no-cache", *scenario.apps],
            standalone_mode=False,
        )
    finally:
        sys.path[:] = path
    assert done.exception is None, done.exception
    found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ALL)
def test_a_scenario_renders_in_every_environment(scenario: Scenario) -> None:
    for app in scenario.rendered():
        assert {"prod"} <= {one.name for one in app.environments} <= {"dev", "prod"}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ALL)
def test_a_scenario_is_clean_or_says_why_not(scenario: Scenario) -> None:
    """No error and no warning, but what is suppressed with a reason in the script or the block."""
    serious = [
        f"{one['resource']}: {one['severity']} {one['id']}: {one['message']}"
        for one in findings(scenario)
        if one["severity"] in ("error", "warning") and not one["suppressed"]
    ]

    assert serious == []


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ALL)
def test_a_scenario_takes_a_fifth_of_the_lines_at_most(scenario: Scenario) -> None:
    assert scenario.written() * 5 <= scenario.saved()


@pytest.mark.parametrize("scenario", ALL)
def test_a_scenario_says_what_it_is(scenario: Scenario) -> None:
    assert len(scenario.title.split()) >= 4


@pytest.mark.parametrize("scenario", MADE_ANEW)
def test_one_that_is_made_anew_says_after_what_and_how_it_differs(scenario: Scenario) -> None:
    after, _, differs = scenario.origin.partition("\n\n")

    assert after.split()[0] == AFTER
    assert "](https://github.com/" in after
    assert len(differs.split()) > 20


def test_there_are_twenty() -> None:
    assert len(ALL) >= 20


def test_a_class_is_seen_where_it_is_built_and_nowhere_else() -> None:
    seen = used_in(STACKS, ["registry"])

    assert eb.Ecr in seen
    assert eb.LogGroup not in seen


@pytest.mark.slow
def test_every_block_is_in_a_golden_file() -> None:
    seen = used(of_scenarios=False)
    blocks = {name: one for name, one in public_classes().items() if hasattr(one, "build")}

    assert [name for name, one in blocks.items() if one not in seen] == []


@pytest.mark.slow
def test_every_public_class_is_in_a_scenario_or_in_a_golden_file() -> None:
    """What is missing here no linter has seen with values, and no stack was made of."""
    seen = used()

    assert [name for name, one in public_classes().items() if one not in seen] == []


@pytest.mark.slow
def test_the_table_in_the_documents_is_of_now() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert text == page(text), "run: python -m tests.scenarios"


@pytest.mark.slow
def test_the_scripts_are_typed(tmp_path: Path) -> None:
    """Each under a name of its own: to mypy all of them are called stack."""
    for scenario in scenarios():
        for source in scenario.sources:
            if source.name == "stack.py":
                name = re.sub(r"\W", "_", f"{scenario.name}_{source.parent.name}")
                shutil.copy(source, tmp_path / f"{name}.py")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "pyproject.toml"]
    done = subprocess.run(
        [*command, *map(str, sorted(tmp_path.iterdir()))],
        cwd=PAGE.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("Success"), done.stdout
