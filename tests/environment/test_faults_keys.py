"""Keys: unknown, missing, misspelt, twice, in the wrong place, fixed by the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.environment.kinds import problems_of
from tests.project import ENVIRONMENT, PLATFORM, project, script

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/hoge/environment.yaml"
NONE = "there is no environment; beside default, each key is one"
GIVE = "missing; give it a whole number, here or under default"
GIVE_ALL = (
    "missing in dev and prod; give it a whole number, under default, in each of them, or for every "
    "app in stacks/platform.yaml"
)
FIXED = "it is fixed for the whole environment in stacks/platform.yaml"

LINES = [
    ("Cuont: 1", ["3:5: parameters.dev.Cuont: unknown key; did you mean Count?"]),
    ("count: 1", ["3:5: parameters.dev.count: unknown key; did you mean Count?"]),
    ("SWITCH: true", ["3:5: parameters.dev.SWITCH: unknown key; did you mean Switch?"]),
    (
        "Nothing: 1",
        ["3:5: parameters.dev.Nothing: unknown key; Hoge in stack.py does not declare it"],
    ),
    (
        "max-memory: 1",
        ["3:5: parameters.dev.max-memory: unknown key; keys are written like TaskMemory"],
    ),
    (
        '"1": x',
        ["3:5: parameters.dev.1: unknown key; keys are written like TaskMemory"],
    ),
    ('"": x', ["3:5: parameters.dev: unknown key; keys are written like TaskMemory"]),
    ('"<<": x', ["3:5: parameters.dev.<<: unknown key; keys are written like TaskMemory"]),
    ("Count: 1\n    Count: 2", ["4:5: Count: duplicate key; it stands in line 3 too"]),
    (
        "Count: 1\n    Count: 2\n    Count: 3",
        [
            "4:5: Count: duplicate key; it stands in line 3 too",
            "5:5: Count: duplicate key; it stands in line 3 too",
        ],
    ),
    (
        "<<: {Count: 1}\n    <<: {Days: 1}",
        ["4:5: <<: duplicate key; merge a list: <<: [*one, *other]"],
    ),
    ("AccountId: '1'", [f"3:5: parameters.dev.AccountId: {FIXED}"]),
    ("Region: x", [f"3:5: parameters.dev.Region: {FIXED}"]),
]

FILES = [
    pytest.param(
        "images: []\n",
        [f"{FILE}:1:1: parameters: missing; it holds default and one mapping for each environment"],
        id="no parameters",
    ),
    pytest.param(
        "parameters:\n",
        [f"{FILE}:1:12: parameters: expected a mapping of environments, got nothing"],
        id="nothing",
    ),
    pytest.param("parameters: {}\n", [f"{FILE}:1:13: parameters: {NONE}"], id="empty"),
    pytest.param(
        "parameters:\n- dev\n",
        [f"{FILE}:2:1: parameters: expected a mapping of environments, got a list"],
        id="a list",
    ),
    pytest.param(
        "parameters:\n  default: {RetentionDays: 1}\n",
        [f"{FILE}:2:3: parameters: {NONE}"],
        id="default alone",
    ),
    pytest.param(
        "parameters:\n  dev:\n  - RetentionDays: 1\n",
        [
            f"{FILE}:3:3: parameters.dev: expected a mapping of values, got a list",
            f"{FILE}:2:3: parameters.dev.RetentionDays: {GIVE}",
        ],
        id="a list of values",
    ),
    pytest.param(
        f"{ENVIRONMENT}parameter: {{}}\n",
        [f"{FILE}:7:1: parameter: unknown key; did you mean parameters?"],
        id="misspelt at the top",
    ),
    pytest.param(
        f"{ENVIRONMENT}locked: []\n",
        [f"{FILE}:7:1: locked: unknown key; there are: images, parameters"],
        id="a key of the platform",
    ),
    pytest.param(
        f"{ENVIRONMENT}parameters: {{}}\n",
        [f"{FILE}:7:1: parameters: duplicate key; it stands in line 1 too"],
        id="parameters twice",
    ),
    pytest.param(
        f"{ENVIRONMENT}  dev: {{}}\n",
        [f"{FILE}:7:3: dev: duplicate key; it stands in line 4 too"],
        id="dev twice",
    ),
    pytest.param(
        f"{ENVIRONMENT}  prd:\n",
        [
            f"{FILE}:7:3: parameters.prd: unknown environment in stacks/platform.yaml; "
            "did you mean prod?"
        ],
        id="misspelt environment",
    ),
    pytest.param(
        f"{ENVIRONMENT}  qa:\n",
        [
            f"{FILE}:7:3: parameters.qa: unknown environment in stacks/platform.yaml; "
            "there are: dev, prod"
        ],
        id="unknown environment",
    ),
    pytest.param(
        "parameters:\n  dev:\n  prod: {RetentionDays: 1}\n",
        [f"{FILE}:2:3: parameters.dev.RetentionDays: {GIVE}"],
        id="missing in one",
    ),
    pytest.param(
        "parameters:\n  dev:\n  prod:\n",
        [f"{FILE}:2:3: parameters.default.RetentionDays: {GIVE_ALL}"],
        id="missing in both",
    ),
    pytest.param(
        "parameters:\n  dev:\n  prod:\n  default: {GroupName: x}\n",
        [f"{FILE}:4:3: parameters.default.RetentionDays: {GIVE_ALL}"],
        id="missing in both, and in default",
    ),
    pytest.param(
        "parameters:\n  dev: {RetentionDay: 1}\n  prod: {RetentionDays: 1}\n",
        [f"{FILE}:2:9: parameters.dev.RetentionDay: unknown key; did you mean RetentionDays?"],
        id="misspelt is not missing as well",
    ),
    pytest.param(
        "parameters:\n  dev: {Nothing: 1}\n  prod: {RetentionDays: 1}\n",
        [
            f"{FILE}:2:9: parameters.dev.Nothing: unknown key; Hoge in stack.py does not declare "
            "it",
            f"{FILE}:2:3: parameters.dev.RetentionDays: {GIVE}",
        ],
        id="unknown and another one missing",
    ),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_a_key_that_cannot_stand_there_is_refused(
    tmp_path: Path, line: str, expected: list[str]
) -> None:
    assert problems_of(tmp_path, line) == expected


@pytest.mark.parametrize(("environment", "expected"), FILES)
def test_a_file_whose_keys_are_wrong_is_refused(
    tmp_path: Path, environment: str, expected: list[str]
) -> None:
    assert project(tmp_path, environment).refusal() == sorted(expected)


def test_a_mistake_under_default_is_one_line(tmp_path: Path) -> None:
    made = project(tmp_path, "parameters:\n  default: {RetentionDays: x}\n  dev:\n  prod:\n")

    assert made.refusal() == [
        f'{FILE}:2:28: parameters.default.RetentionDays: expected a whole number, got text "x"'
    ]


def test_what_the_platform_locks_an_app_cannot_set(tmp_path: Path) -> None:
    platform = f"locked: [GroupName]\n{PLATFORM}".replace("  dev:", "    GroupName: /x\n  dev:")
    made = project(tmp_path, f"{ENVIRONMENT}    GroupName: /y\n", platform=platform)

    assert made.refusal() == [f"{FILE}:7:5: parameters.prod.GroupName: {FIXED}"]


def test_a_value_that_the_platform_has_to_give_is_missing_there(tmp_path: Path) -> None:
    platform = PLATFORM.replace("    Region: ap-northeast-1\n", "    Stage: x\n")
    problems = project(tmp_path, platform=platform).refusal("hoge")

    assert problems == [
        f"stacks/platform.yaml:{line}:3: parameters.{name}.Region: missing (the region that the "
        "environment lives in); give it a region, like ap-northeast-1"
        for line, name in ((4, "dev"), (6, "prod"))
    ]


def test_a_key_that_is_set_and_does_nothing_is_refused(tmp_path: Path) -> None:
    fields = 'idle: eb.Param[str] = eb.param(default="")'
    made = project(tmp_path, f"{ENVIRONMENT}    Idle: x\n", script=script(fields=fields))

    assert made.refusal() == [
        f"{FILE}:7:11: parameters.prod.Idle: it is set, but nothing in stack.py uses it; remove it"
    ]


def test_a_key_of_the_platform_that_an_app_does_not_use_is_no_fault(tmp_path: Path) -> None:
    fields = 'idle: eb.Param[str] = eb.param(default="")'
    platform = PLATFORM.replace("  dev:", "    Idle: x\n  dev:")

    assert project(tmp_path, script=script(fields=fields), platform=platform).rendered()


def test_merged_keys_count_where_they_are_merged(tmp_path: Path) -> None:
    environment = (
        "parameters:\n"
        "  default: &base {RetentionDays: 30, GroupName: /base}\n"
        "  dev:\n"
        "    <<: [{GroupName: /first}, *base]\n"
        "  prod:\n"
        "    <<: *base\n"
        "    RetentionDays: 365\n"
    )
    files = project(tmp_path, environment).rendered()

    assert '"RetentionDays": "30",\n    "GroupName": "/first"' in files["hoge/dev.json"]
    assert '"RetentionDays": "365",\n    "GroupName": "/base"' in files["hoge/prod.json"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<<: x", '3:5: <<: merges a mapping, not text "x"'),
        ("<<: [x]", '3:5: <<: merges a mapping, not text "x"'),
        ("<<: {Cuont: 1}", "3:10: parameters.dev.Cuont: unknown key; did you mean Count?"),
        ("<<: {Count: x}", '3:17: parameters.dev.Count: expected a whole number, got text "x"'),
    ],
)
def test_a_merge_is_checked_like_what_it_stands_for(
    tmp_path: Path, line: str, expected: str
) -> None:
    assert problems_of(tmp_path, line) == [expected]


def test_a_tag_before_a_key_means_nothing_and_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "!Ssm Count: 1")

    assert problem.startswith("3:5: ")
