"""Rules that an environment class adds: where, how often and in which words they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import PLATFORM, project, script

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/hoge/environment.yaml"
STG = PLATFORM.replace("  prod:", '  stg:\n    AccountId: "444455556666"\n  prod:')
MESSAGE = "a quarter at least"


def refusal(folder: Path, environment: str, body: str) -> list[str]:
    """What is said of *environment* where ``problems`` of the class has the lines *body*."""
    method = "\n".join(["def problems(self):", *(f"    {line}" for line in body.splitlines())])
    made = project(folder, environment, script=script(fields=method), platform=STG)
    return made.refusal()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(
            "default: {RetentionDays: 30}\n  dev:\n  stg:\n  prod: {RetentionDays: 90}",
            ["2:28: parameters.default.RetentionDays: 30 are too few, in dev and stg; write 90"],
            id="two of three",
        ),
        pytest.param(
            "default: {RetentionDays: 30}\n  dev:\n  prod:\n  stg:",
            [
                "2:28: parameters.default.RetentionDays: 30 are too few, in dev, prod and stg; "
                "write 90"
            ],
            id="all three",
        ),
        pytest.param(
            "default: {RetentionDays: 30}\n  dev:\n  prod: {RetentionDays: 90}",
            ["2:28: parameters.default.RetentionDays: 30 are too few, in dev; write 90"],
            id="one",
        ),
        pytest.param(
            "dev: {RetentionDays: 30}\n  prod: {RetentionDays: 30}",
            [
                "2:24: parameters.dev.RetentionDays: 30 are too few; write 90",
                "3:25: parameters.prod.RetentionDays: 30 are too few; write 90",
            ],
            id="each by itself",
        ),
    ],
)
def test_a_rule_is_told_once_with_the_environments_that_break_it(
    tmp_path: Path, values: str, expected: list[str]
) -> None:
    body = (
        "if self.retention_days < 90:\n"
        '    yield "retention_days", f"{self.retention_days} are too few; write 90"'
    )

    assert refusal(tmp_path, f"parameters:\n  {values}\n", body) == [
        f"{FILE}:{problem}" for problem in expected
    ]


def test_a_rule_about_a_default_is_told_at_the_environments(tmp_path: Path) -> None:
    default = " (GroupName is not set: /ecs/hoge is its default)"
    environment = "parameters:\n  default: {RetentionDays: 30}\n  dev:\n  prod:\n"

    assert refusal(tmp_path, environment, 'yield "group_name", "is not ours"') == [
        f"{FILE}:3:3: parameters.dev.GroupName: is not ours{default}",
        f"{FILE}:4:3: parameters.prod.GroupName: is not ours{default}",
    ]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("yield from [1 / 0]", "ZeroDivisionError: division by zero"),
        ('yield "retention", "is wrong"', "KeyError: 'retention'"),
        ('yield "retention_days"', "ValueError: too many values to unpack (expected 2)"),
        ("return None", "TypeError: 'NoneType' object is not iterable"),
    ],
)
def test_a_method_that_fails_is_told_at_the_environment(
    tmp_path: Path, body: str, error: str
) -> None:
    environment = "parameters:\n  dev: {RetentionDays: 30}\n"

    assert refusal(tmp_path, environment, body) == [
        f"{FILE}:2:3: parameters.dev: Hoge.problems() failed: {error}"
    ]


def test_what_was_told_before_the_failure_stays_told(tmp_path: Path) -> None:
    environment = "parameters:\n  dev: {RetentionDays: 30}\n"
    body = 'yield "retention_days", "is wrong"\nself.nothing'

    assert refusal(tmp_path, environment, body) == [
        f"{FILE}:2:3: parameters.dev: Hoge.problems() failed: AttributeError: 'Hoge' object has no "
        "attribute 'nothing'",
        f"{FILE}:2:24: parameters.dev.RetentionDays: is wrong",
    ]
