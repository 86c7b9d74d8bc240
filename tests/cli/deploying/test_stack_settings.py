"""StackPolicy and TerminationProtection of platform.yaml, from the file to the stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.deploying.stage import DEPLOY, STACK

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

PLATFORM: Final = """\
deploy:
  prod: {StackPolicy: policies/stack.json, TerminationProtection: true}
parameters:
  default: {Region: ap-northeast-1, AccountId: '123456789012'}
  dev: {}
  prod: {}
"""
ALLOW: Final = {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}


@pytest.fixture
def protected(stage: Stage) -> Stage:
    """A stack whose platform.yaml says that it is protected; it is not yet."""
    stage.deployed()
    stage.project.write("platform.yaml", PLATFORM)
    stage.project.write("policies/stack.json", json.dumps({"Statement": [ALLOW]}))
    return stage


def test_a_plan_of_nothing_but_settings_is_shown_agreed_to_and_done(protected: Stage) -> None:
    asked = protected.within(*DEPLOY[:-1])
    before = protected.fake.stack(STACK).protected
    done = protected.within(*DEPLOY)

    assert (asked.code, before) == (4, False)
    assert f"{STACK}: only the stack's own settings change" in asked.lines
    assert "~ termination protection: off → on" in asked.lines
    assert done.code == 0
    assert done.outcome[0].endswith("termination protection: off → on; nothing else to change")
    assert protected.fake.stack(STACK).protected
    assert json.loads(protected.fake.stack(STACK).policy or "") == {"Statement": [ALLOW]}


def test_such_a_plan_waits_in_a_file_too(protected: Stage) -> None:
    protected.within("deploy", "hoge", "--env", "prod", "--plan-only", "hoge.plan")
    refused = protected.within("deploy", "--env", "prod", "--plan", "hoge.plan")
    done = protected.within("deploy", "--env", "prod", "--plan", "hoge.plan", "--yes")

    assert (refused.code, done.code) == (4, 0)
    assert protected.fake.stack(STACK).protected


def test_what_the_policy_denies_is_refused_with_its_statement(protected: Stage) -> None:
    deny = ALLOW | {"Effect": "Deny", "Resource": "LogicalResourceId/Topic"}
    policy = json.dumps({"Statement": [ALLOW, deny]})
    protected.project.write("policies/stack.json", policy)
    done = protected.deploy(title="two")

    assert done.code == 15
    assert done.outcome == [
        f"NOT DONE: {STACK}: the stack policy denies this update:",
        "  Topic (AWS::SNS::Topic): Update:Modify is denied by statement 2",
        "  allow it for this deploy in the file that StackPolicy in platform.yaml names",
        "  (a change set takes no policy for one update alone)",
    ]
    assert protected.title() == "one"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{}", "this is no stack policy: Object missing required field `Statement`"),
        ("", "this is no stack policy: Input data was truncated"),
    ],
)
def test_a_file_that_is_no_policy_is_named(protected: Stage, text: str, problem: str) -> None:
    protected.project.write("policies/stack.json", text)
    done = protected.within(*DEPLOY)

    assert done.code == 2
    assert "policies/stack.json: " in done.stderr
    assert problem in done.stderr
    assert protected.fake.asked("CreateChangeSet") == []


def test_protection_is_no_obstacle_to_watching_and_one_to_deleting(protected: Stage) -> None:
    protected.within(*DEPLOY)
    status = protected.within("status", "hoge", "--env", "prod")
    deleted = protected.within("delete", "hoge", "--env", "prod", "--yes")

    assert status.code == 0
    assert deleted.code != 0
    assert "termination protection is on" in deleted.stderr
