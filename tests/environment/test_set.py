"""``--set Key=value`` goes through the checks of the files, and comes after all of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.environment.kinds import KINDS
from tests.environment.web import FILE, LINE, web
from tests.project import PLATFORM, project

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = "parameters:\n  default: {Words: file}\n  dev:\n  prod:\n"

GOOD = [
    ("Words=a=b", "a=b"),
    ("Words=", ""),
    ("Words= a ", " a "),
    ("Words=on", "on"),
    ("Words=010", "010"),
    ("Count=7", "7"),
    ("Ratio=2.50", "2.5"),
    ("Switch=true", "true"),
    ("Switch=False", "false"),
    ("Colour=green", "green"),
    ("Names=", ""),
    ("Names=b,a", "b,a"),
    ("Names=b, a", "b,a"),
    ("Account=012345670123", "012345670123"),
]
WORD = "expected Key=value, like ImageTag=1.8.2"
BAD = [
    (["Words"], [WORD]),
    (["=x"], [WORD]),
    ([""], [WORD]),
    (["Count=1", "Count=2"], ["Count: given twice"]),
    (["count=1"], ["count: no app declares this key; did you mean Count?"]),
    (["Nothing=1"], ["Nothing: no app declares this key"]),
    (["Count=1.5"], ['Count: expected a whole number, got text "1.5"']),
    (["Count=010"], ['Count: expected a whole number, got text "010"']),
    (["Count=512MB"], ['Count: expected a whole number, got text "512MB"']),
    (["Count="], ['Count: expected a whole number, got text ""']),
    (["Days=31"], ["Days: got 31; allowed: 1, 30, 365"]),
    (["Ratio=.5"], ['Ratio: expected a number, got text ".5"']),
    (["Ratio=0.1"], ["Ratio: got 0.1; allowed: 0.25 or more"]),
    (["Switch=yes"], ['Switch: expected true or false, got text "yes"']),
    (["Switch=TRUE"], ['Switch: expected true or false, got text "TRUE"']),
    (["Colour=red"], ['Colour: got "red"; allowed: blue, green']),
    (["Names=a,b,a"], ['Names: "a" stands in the list twice']),
    (["Subnets=subnet-0a1b2c3d"], ["Subnets: got 1 of them; at least 2 are needed"]),
    (["Words=a\x07b"], ["Words: the text holds characters that nobody can see"]),
    (
        ["AccountId=123456789012"],
        ["AccountId: it is fixed for the whole environment in stacks/platform.yaml"],
    ),
    (
        ["Days=31", "Count=x"],
        ['Count: expected a whole number, got text "x"', "Days: got 31; allowed: 1, 30, 365"],
    ),
]


def arguments(pairs: list[str]) -> list[str]:
    return [word for pair in pairs for word in ("--set", pair)]


@pytest.mark.parametrize(("pair", "expected"), GOOD)
def test_a_value_goes_to_every_environment(tmp_path: Path, pair: str, expected: str) -> None:
    files = project(tmp_path, ENVIRONMENT, script=KINDS).rendered("--set", pair)
    key = pair.partition("=")[0]
    actual = [json.loads(files[f"hoge/{name}.json"])["Parameters"][key] for name in ("dev", "prod")]

    assert actual == [expected, expected]


@pytest.mark.parametrize(("pairs", "expected"), BAD)
def test_a_value_that_does_not_fit_is_refused(
    tmp_path: Path, pairs: list[str], expected: list[str]
) -> None:
    made = project(tmp_path, ENVIRONMENT, script=KINDS)

    assert made.refusal(*arguments(pairs)) == [f"--set: {problem}" for problem in expected]


def test_a_number_without_measure_is_refused(tmp_path: Path) -> None:
    made = project(tmp_path, ENVIRONMENT, script=KINDS)
    (problem,) = made.refusal("--set", f"Count={'9' * 5000}")

    assert problem.startswith("--set: Count: ")


def test_a_locked_key_cannot_be_set(tmp_path: Path) -> None:
    platform = f"locked: [Words]\n{PLATFORM}"
    environment = ENVIRONMENT.replace("{Words: file}", "")
    made = project(tmp_path, environment, script=KINDS, platform=platform)

    assert made.refusal("--set", "Words=x") == [
        "--set: Words: it is fixed for the whole environment in stacks/platform.yaml"
    ]


def test_what_is_made_from_others_cannot_be_set(tmp_path: Path) -> None:
    assert web(tmp_path).refusal("hoge", "--set", "Image=hoge:1") == [
        "--set: Image: it is made from ImageRepositoryUrl and ImageTag; set those"
    ]


def test_it_reaches_the_apps_that_declare_the_key_and_no_other(tmp_path: Path) -> None:
    made = project(tmp_path, ENVIRONMENT, script=KINDS)
    made.app("plain")
    files = made.rendered("--set", "Words=set")

    assert '"Words": "set"' in files["hoge/dev.json"]
    assert "set" not in files["plain/dev.json"]


def test_a_rule_that_it_breaks_is_told_at_the_environment(tmp_path: Path) -> None:
    assert web(tmp_path).refusal("hoge", "--set", "TaskMaxMemory=256") == [
        f"{FILE}:5:17: parameters.default.TaskMemory: 512 MiB set aside are more than the 256 MiB "
        "of TaskMaxMemory, in dev"
    ]
    assert web(tmp_path).refusal("hoge", "--set", "TaskMemory=2000") == [
        f"{FILE}:{LINE - 1}:3: parameters.dev.TaskMemory: 2000 MiB set aside are more than the "
        "1024 MiB of TaskMaxMemory"
    ]
