"""Every command that is suggested works as it stands: with the options of the one that says so."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import click
import pytest

from ecs_blocks.cli import ecs_blocks_command
from ecs_blocks.deploy.content import Content
from tests.cli.deploying.stage import STACK, app

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.deploying.stage import Ended, Stage

HERE: Final = ("hoge", "--env", "prod")
_PROFILE: Final = """[profile "my ci"]
region = eu-west-1
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = nothing-checks-it
"""
_SUGGESTED: Final = re.compile(r"(?<![\w/'])(ecs-blocks [a-z-]+ .*?)(?:`|$)", re.MULTILINE)
_AWS: Final = re.compile(r"aws [a-z]+ [a-z-]+ .*$", re.MULTILINE)


def missing(_stage: Stage) -> tuple[str, ...]:
    """A stack that is not there."""
    return ("status", *HERE)


def failed(stage: Stage) -> tuple[str, ...]:
    """A stack that is stuck."""
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "the key is disabled", on="UPDATE")
    stage.fake.script.resource_fails("Topic", "and still is", on="ROLLBACK")
    return ("deploy", *HERE, "--yes", "--set", "Title=two")


def stuck(stage: Stage) -> tuple[str, ...]:
    """A deploy onto it."""
    stage.within(*failed(stage))
    return ("deploy", *HERE, "--yes", "--set", "Title=three")


def told(stage: Stage) -> tuple[str, ...]:
    """Its status."""
    stage.within(*failed(stage))
    return ("status", *HERE)


def kept(_stage: Stage) -> tuple[str, ...]:
    """A plan, kept in a file whose name has a blank."""
    return ("deploy", *HERE, "--plan-only", "my hoge.plan")


def outdated(stage: Stage) -> tuple[str, ...]:
    """A plan for a stack that has changed since."""
    stage.deployed()
    stage.within("deploy", *HERE, "--set", "Title=two", "--plan-only", "hoge.plan")
    stage.deployed("three")
    return ("deploy", "--env", "prod", "--plan", "hoge.plan", "--yes")


def waiting(stage: Stage) -> tuple[str, ...]:
    """An output of a stack that is not there."""
    values = "parameters:\n  default: {Neighbour: !StackOutput network.Name}\n  prod:\n"
    app(stage.project, "network")
    app(stage.project, "hoge", values)
    return ("deploy", *HERE, "--yes")


def listed(stage: Stage) -> tuple[str, ...]:
    """What can be gone back to."""
    stage.deployed()
    stage.deployed("two")
    return ("rollback", *HERE, "--list")


def held(stage: Stage) -> tuple[str, ...]:
    """Somebody else's operation, for which nobody waits."""
    stage.deployed()
    stage.fake.script.hold("Topic")
    stage.fake.updated_by_another(Title="three")
    return ("deploy", *HERE, "--yes", "--wait-for-other", "0", "--set", "Title=two")


def protected(stage: Stage) -> tuple[str, ...]:
    """A stack that is protected from deletion."""
    stage.deployed()
    stage.fake.stack(STACK).protected = True
    return ("delete", *HERE, "--yes")


CASES: Final[tuple[Callable[[Stage], tuple[str, ...]], ...]] = (
    *(missing, failed, stuck, told, kept, outdated, waiting, listed, held, protected),
)


def suggested(ended: Ended) -> list[list[str]]:
    """The words of each command of ours that stands in what was said."""
    found = _SUGGESTED.findall(ended.stderr + ended.stdout)
    return [shlex.split(one)[1:] for one in found]


def parsed(words: list[str]) -> dict[str, object]:
    """What the program makes of a command; a wrong one raises UsageError."""
    context = click.Context(ecs_blocks_command)
    assert isinstance(ecs_blocks_command, click.Group)
    verb = ecs_blocks_command.get_command(context, words[0])
    assert verb is not None, words
    return dict(verb.make_context(words[0], list(words[1:])).params)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda one: one.__name__)
def test_a_suggested_command_reaches_what_this_one_reached(
    stage: Stage, case: Callable[[Stage], tuple[str, ...]]
) -> None:
    config = stage.project.folder / "config"
    config.write_text(_PROFILE, encoding="utf-8")
    words = case(stage)
    stage.variables["AWS_CONFIG_FILE"] = str(config)
    root = str(stage.project.folder / "stacks")
    ended = stage.within(*words, "--profile", "my ci", "--stacks", root)
    given = {"profile": "my ci", "root": stage.project.folder / "stacks", "local": False}
    commands = [parsed(one) for one in suggested(ended)]

    for one in commands:
        assert {key: one[key] for key in given} == given, ended.stderr
        assert one["environment"] == "prod"
    for one in _AWS.findall(ended.stderr):
        assert one.endswith("--region ap-northeast-1 --profile 'my ci'")
    assert commands or _AWS.search(ended.stderr), ended.stderr


def test_without_such_options_none_are_suggested(stage: Stage) -> None:
    ended = stage.within(*missing(stage))

    assert suggested(ended) == [["deploy", "hoge", "--env", "prod"]]


def test_a_secret_that_is_the_name_of_something_leaves_commands_as_they_are(stage: Stage) -> None:
    """Everybody knows the environment's name; a command without it could not be typed."""
    stage.fake.script.resource_fails("Topic", f"prod is taken in {STACK} by hunter2")
    with patch.object(Content, "secrets", frozenset({"prod", STACK, "hunter2"})):
        done = stage.within("deploy", *HERE, "--yes")

    assert done.code == 10, done.stderr
    assert f"because: Topic: CREATE_FAILED: prod is taken in {STACK} by (hidden)" in done.stderr
    assert done.stderr.count("(hidden)") == done.stderr.count("is taken in")
