"""Mistakes in platform.yaml, in the words of that file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project import PLATFORM, project

if TYPE_CHECKING:
    from pathlib import Path

FILE = "stacks/platform.yaml"
NAME = (
    "it has to hold {app} and {environment}, with letters, digits and hyphens around them, "
    'like "{app}-{environment}"'
)

TOPS = [
    ("stack_nmae: x", "1:1: stack_nmae: unknown key; did you mean stack_name?"),
    (
        "apps: []",
        "1:1: apps: unknown key; there are: stack_name, locked, deploy, roles, tags, parameters",
    ),
    ("images: []", "1:1: images: unknown key; did you mean tags?"),
    ("locked: KeyArn", '1:9: locked: expected a list, got text "KeyArn"'),
    ("locked: [1]", "1:10: locked: expected text, got the number 1"),
    ("locked:", "1:8: locked: expected a list, got nothing"),
    ("tags: [a]", "1:7: tags: expected a mapping of tags, got a list"),
    ("tags:", "1:6: tags: expected a mapping of tags, got nothing"),
    (
        "tags: {CostCenter: 012}",
        "1:20: tags.CostCenter: expected text of at most 256 characters, got the number 012",
    ),
    (
        f"tags: {{A: {'x' * 257}}}",
        f'1:11: tags.A: expected text of at most 256 characters, got text "{"x" * 57}\u2026"',
    ),
]

STACK_NAMES = [
    ("", "nothing"),
    ("[a]", "a list"),
    ('"{app}"', 'text "{app}"'),
    ('"{environment}"', 'text "{environment}"'),
    ('"1{app}-{environment}"', 'text "1{app}-{environment}"'),
    ('"-{app}-{environment}"', 'text "-{app}-{environment}"'),
    ('"{app}_{environment}"', 'text "{app}_{environment}"'),
    ('"{app} {environment}"', 'text "{app} {environment}"'),
    ('"{app}-{environment}-{region}"', 'text "{app}-{environment}-{region}"'),
]


@pytest.mark.parametrize(("line", "expected"), TOPS)
def test_a_mistake_at_the_top(tmp_path: Path, line: str, expected: str) -> None:
    made = project(tmp_path, platform=f"{line}\n{PLATFORM}")

    assert made.refusal() == [f"{FILE}:{expected}"]


@pytest.mark.parametrize(("value", "given"), STACK_NAMES)
def test_a_pattern_that_gives_no_stack_name(tmp_path: Path, value: str, given: str) -> None:
    made = project(tmp_path, platform=f"stack_name: {value}\n{PLATFORM}")
    column = 13 if value else 12

    assert made.refusal() == [f"{FILE}:1:{column}: stack_name: got {given}; {NAME}"]


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param(f"{'k' * 129}: x", id="a key of 129 characters"),
        pytest.param('"aws:owner": x', id="a key that AWS keeps for itself"),
        pytest.param("Key: AKIAIOSFODNN7EXAMPLE", id="a credential"),
    ],
)
def test_a_tag_that_cannot_be_is_refused(tmp_path: Path, tags: str) -> None:
    (problem,) = project(tmp_path, platform=f"tags: {{{tags}}}\n{PLATFORM}").refusal()

    assert problem.startswith(f"{FILE}:1:")


@pytest.mark.parametrize(("count", "refused"), [(48, False), (49, True)])
def test_there_is_room_for_the_tags_that_are_ours(
    tmp_path: Path,
    count: int,
    *,
    refused: bool,
) -> None:
    tags = "".join(f"  Tag{number}: x\n" for number in range(count))
    folder = project(tmp_path, platform=f"tags:\n{tags}{PLATFORM}")

    if refused:
        assert folder.refusal() == [
            "stacks/platform.yaml:2:3: tags: 49 tags; AWS takes 50 of a resource, and ecs_blocks "
            "sets Application and Environment: leave 48 or fewer"
        ]
    else:
        assert "hoge/dev.json" in folder.rendered()


def test_tags_reach_every_environment(tmp_path: Path) -> None:
    files = project(tmp_path, platform=f"tags: {{Team: web}}\n{PLATFORM}").rendered()

    assert '"Environment": "dev",\n    "Team": "web"' in files["hoge/dev.json"]
    assert '"Environment": "prod",\n    "Team": "web"' in files["hoge/prod.json"]


def test_a_stack_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    start = "x" * 119
    made = project(tmp_path, platform=f'stack_name: "{start}-{{app}}-{{environment}}"\n{PLATFORM}')

    assert made.refusal() == [
        f"stacks/hoge/environment.yaml:5:3: parameters.prod: the stack's name {start}-hoge-prod "
        "is longer than 128 characters"
    ]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (
            "012345670123",
            "expected an account id, but YAML reads 012345670123 as the number 1402433619; "
            'write it in quotes: "012345670123"',
        ),
        ('"1"', 'got "1", which is not an account id, like 123456789012'),
        ("!Ssm /account", None),
    ],
)
def test_an_account_that_is_none(tmp_path: Path, account: str, expected: str | None) -> None:
    platform = PLATFORM.replace('"111122223333"', account)
    problems = project(tmp_path, platform=platform).refusal()

    assert [p.startswith(f"{FILE}:5:16: parameters.dev.AccountId: ") for p in problems] == [True]
    assert expected is None or problems[0].endswith(f": {expected}")


@pytest.mark.parametrize("name", ["Dev", "1dev", "dev_1", "d" * 33])
def test_an_environment_is_named_in_lower_case(tmp_path: Path, name: str) -> None:
    made = project(tmp_path, platform=f'{PLATFORM}  {name}: {{AccountId: "123456789012"}}\n')

    assert made.refusal() == [
        f"{FILE}:8:3: parameters.{name}: an environment's name is lower case letters, digits "
        "and hyphens"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Foo: x", "no app declares this key"),
        ("RetentionDay: 1", "no app declares this key; did you mean RetentionDays?"),
    ],
)
def test_a_key_that_no_app_declares_is_refused_when_all_are_rendered(
    tmp_path: Path, line: str, expected: str
) -> None:
    made = project(tmp_path, platform=f"{PLATFORM}    {line}\n")
    key = line.partition(":")[0]

    assert made.refusal() == [f"{FILE}:8:5: parameters.prod.{key}: {expected}"]
    assert made.render("hoge").code == 0


def test_a_lock_on_a_key_that_no_app_declares_is_refused(tmp_path: Path) -> None:
    made = project(tmp_path, platform=f"locked: [GroupNmae]\n{PLATFORM}")

    assert made.refusal() == [
        f"{FILE}: locked: locks GroupNmae, which no app declares; did you mean GroupName?"
    ]


def test_a_value_of_the_platform_is_checked_like_an_app_s(tmp_path: Path) -> None:
    made = project(tmp_path, platform=PLATFORM.replace("  dev:", "    RetentionDays: 0\n  dev:"))

    assert made.refusal() == [
        f"{FILE}:4:20: parameters.default.RetentionDays: got 0; allowed: 1 to 365"
    ]
