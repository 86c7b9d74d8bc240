"""Mistakes on the command line, in words and with the exit code 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.cli.options import parsed_overrides
from tests.project import SCRIPT, Project, project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nowhere"], ["nowhere: no such app; there are: hoge"]),
        (["hoeg"], ["hoeg: no such app; did you mean hoge?"]),
        ([".."], ["..: no such app; there are: hoge"]),
        (["../stacks/hoge"], ["../stacks/hoge: no such app; there are: hoge"]),
        (
            ["x", "hoge", "y"],
            ["x: no such app; there are: hoge", "y: no such app; there are: hoge"],
        ),
    ],
)
def test_an_app_that_does_not_exist(
    tmp_path: Path, arguments: list[str], expected: list[str]
) -> None:
    problems = project(tmp_path).refusal(*arguments)

    assert problems == [f"stacks: {problem}" for problem in expected]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["--env", "qa"],
            ["qa: no such environment in stacks/platform.yaml; there are: dev, prod"],
        ),
        (
            ["--env", "prd"],
            ["prd: no such environment in stacks/platform.yaml; did you mean prod?"],
        ),
        (
            ["--env", "dve", "--env", "dev", "--env", "prdo"],
            [
                "dve: no such environment in stacks/platform.yaml; did you mean dev?",
                "prdo: no such environment in stacks/platform.yaml; did you mean prod?",
            ],
        ),
    ],
)
def test_an_environment_that_does_not_exist(
    tmp_path: Path, arguments: list[str], expected: list[str]
) -> None:
    problems = project(tmp_path).refusal(*arguments)

    assert problems == [f"--env: {problem}" for problem in expected]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "xml"], "Invalid value for '--format': 'xml' is not one of 'yaml', 'json'"),
        (["--nothing"], "No such option '--nothing'"),
        (["--env"], "Option '--env' requires an argument"),
        (
            ["--json", "--out", "-"],
            "Error: --out takes a folder, or - alone: with --json stdout is taken\n",
        ),
        (["--out", ""], "Error: --out takes a folder, or - alone: with --json stdout is taken\n"),
    ],
)
def test_an_option_that_does_not_exist(tmp_path: Path, arguments: list[str], message: str) -> None:
    outcome = project(tmp_path).render(*arguments)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert message in outcome.stderr


def test_a_folder_of_apps_that_does_not_exist(tmp_path: Path) -> None:
    assert project(tmp_path).refusal("--stacks", "nowhere") == [
        f"{tmp_path}/nowhere: there is no such folder; run this where stacks/ is, or name it with "
        "--stacks"
    ]


def test_a_folder_without_apps(tmp_path: Path) -> None:
    made = Project(tmp_path)
    made.write("platform.yaml", "parameters: {}\n")

    assert made.refusal() == [
        f"{made.stacks}: there is no app: a folder with stack.py and environment.yaml"
    ]


@pytest.mark.parametrize("name", ["App", "1app", "a.b", "a b", "-a", "a--b", "a_", "日本"])
def test_an_app_s_folder_is_named_in_lower_case(tmp_path: Path, name: str) -> None:
    made = project(tmp_path)
    made.app(name)
    (problem,) = made.refusal()

    assert problem.startswith(f"stacks/{name}: an app's folder is named with lower case words")


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], {}),
        (["A=1"], {"A": "1"}),
        (["A="], {"A": ""}),
        (["A=b=c"], {"A": "b=c"}),
        (["A=1", "B=2"], {"A": "1", "B": "2"}),
        ([" A =x"], {" A ": "x"}),
    ],
)
def test_a_pair_is_split_at_its_first_sign(pairs: list[str], expected: dict[str, str]) -> None:
    assert parsed_overrides(pairs) == expected


def test_every_pair_that_is_wrong_is_listed(tmp_path: Path) -> None:
    arguments = ["--set", "A", "--set", "B=1", "--set", "B=2", "--set", "=c"]

    assert project(tmp_path).refusal(*arguments) == [
        "--set: expected Key=value, like ImageTag=1.8.2",
        "--set: B: given twice",
    ]


def test_help_names_every_option(tmp_path: Path) -> None:
    outcome = project(tmp_path, script=SCRIPT).render("--help")
    options = [word for word in outcome.stdout.split() if word.startswith("--")]

    assert (outcome.code, outcome.stderr) == (0, "")
    assert sorted(set(options)) == [
        *("--env", "--format", "--help", "--json", "--out", "--set", "--stacks"),
    ]
