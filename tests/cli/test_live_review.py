"""``ecs-blocks review --base live`` as somebody types it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from ecs_blocks.review.show.machine import schema
from tests.cli.deploying.stage import app, staged
from tests.fake_aws import denied, expired

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

REVIEW = ("review", "hoge", "--env", "prod", "--base", "live")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as found:
        found.deployed()
        yield found


def test_the_change_and_what_runs(stage: Stage) -> None:
    done = stage.within(*REVIEW, "--set", "Title=two")

    lines = done.stdout.splitlines()
    assert (done.code, done.stderr) == (0, "")
    assert lines[0] == "what runs in prod → the work tree"
    assert "  !  Topic: DisplayName one → two" in lines
    assert "     because Title changes (--set)" in lines
    assert "  ~ Topic (AWS::SNS::Topic) changes  stacks/hoge/stack.py:18" in lines
    assert any(
        line.startswith("  i the last operation by deployer/ci, a creation") for line in lines
    )
    assert stage.fake.asked("ExecuteChangeSet") == stage.fake.asked("CreateChangeSet") == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 0), (("--set", "Title=two"), 3)],
)
def test_the_exit_code(stage: Stage, arguments: tuple[str, ...], code: int) -> None:
    assert stage.within(*REVIEW, "--exit-code", *arguments).code == code


def test_what_stands_in_the_way_counts_although_nothing_changes(stage: Stage) -> None:
    stage.fake.stack("hoge-prod").force_status("UPDATE_ROLLBACK_FAILED")

    done = stage.within(*REVIEW, "--exit-code")

    assert (done.code, "1 stack: 1 needs approval" in done.stdout) == (4, True)


def test_every_app_that_runs_there(stage: Stage) -> None:
    app(stage.project, "fuga")

    done = stage.within("review", "--env", "prod", "--base", "live")

    assert "2 stacks: 1 to read, 1 unchanged" in done.stdout
    assert "!  fuga/prod a new stack: 3 resources" in done.stdout
    assert "unchanged: hoge (prod)" in done.stdout


@pytest.mark.parametrize("form", ["json", "markdown", "html"])
def test_in_every_form(stage: Stage, form: str) -> None:
    done = stage.within(*REVIEW, "--set", "Title=two", "--format", form)

    assert done.code == 0, done.stderr
    assert "last operation by deployer/ci" in done.stdout
    if form == "json":
        found = json.loads(done.stdout)
        jsonschema.validate(found, schema())
        assert found["stacks"][0]["facts"]


def test_drift_is_looked_for_when_asked(stage: Stage) -> None:
    stage.fake.script.drifted["Topic"] = {
        "StackResourceDriftStatus": "MODIFIED",
        "PropertyDifferences": [
            {"PropertyPath": "/DisplayName", "ExpectedValue": "one", "ActualValue": "by hand"}
        ],
    }

    done = stage.within(*REVIEW, "--set", "Title=two", "--drift")

    assert "hoge-prod: drift detection runs" in done.stderr
    assert "Topic was changed by hand, and this deploy overwrites it" in done.stdout
    assert "DisplayName: one → by hand" in done.stdout


def test_a_stack_that_may_not_be_read_is_not_calm(stage: Stage) -> None:
    stage.fake.fault("GetTemplate", denied, times=None)

    done = stage.within(*REVIEW, "--exit-code")

    assert done.code == 4
    assert (
        "!! hoge/prod the stack as it is cannot be read; nothing is known of what changes"
    ) in done.stdout
    assert "the permission GetTemplate is missing" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("review", "hoge", "--base", "live"), "--base live needs --env: each environment has its"),
        ((*REVIEW, "--head", "HEAD"), "--base live is for the work tree: without --head and"),
        ((*REVIEW, "--compare"), "--base live is for the work tree: without --head and"),
        ((*REVIEW, "--parameters", "x"), "--parameters and --base-parameters go with --template"),
        (("review", "--drift"), "--drift, --profile and --local go with --base live"),
        (("review", "--profile", "x"), "--drift, --profile and --local go with --base live"),
        (("review", "fuga", "--env", "prod", "--base", "live"), "fuga: no such app"),
        (("review", "--env", "qa", "--base", "live"), "qa"),
    ],
)
def test_what_does_not_go_together(stage: Stage, arguments: tuple[str, ...], problem: str) -> None:
    done = stage.within(*arguments)

    assert done.code == 2
    assert problem in done.stderr


def test_another_account_is_refused_before_anything_is_asked(stage: Stage) -> None:
    done = stage.within("review", "hoge", "--env", "dev", "--base", "live")

    assert done.code == 2
    assert (
        "dev is account 111122223333 in platform.yaml, but your credentials are of" in done.stderr
    )
    assert [one.operation for one in stage.fake.calls] == ["GetCallerIdentity"]


def test_credentials_that_are_over_end_it(stage: Stage) -> None:
    stage.fake.fault("GetTemplate", expired, times=None)

    done = stage.within(*REVIEW)

    assert done.code == 14
    assert "log in again" in done.stderr
