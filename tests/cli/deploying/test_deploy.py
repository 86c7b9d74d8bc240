"""``ecs-blocks deploy`` of one app, as a CI job starts it: what it says, and its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.errors import EXIT_CODES, Exit
from tests.cli.deploying.stage import CALLER, DEPLOY, STACK, staged

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow


def test_a_first_deploy_shows_what_it_makes_and_where_its_record_is(stage: Stage) -> None:
    done = stage.run(*DEPLOY)
    [record] = stage.records

    assert done.code == 0
    assert done.lines == [
        f"{STACK}: a new stack",
        f"account 123456789012, ap-northeast-1, as {CALLER}",
        "",
        "+ ADDED",
        "   Topic (AWS::SNS::Topic): is created",
        "   Group (AWS::Logs::LogGroup): is created",
        "   Other (AWS::SNS::Topic): is created",
        "",
        "3 added",
        "",
        f"OK: {STACK} is CREATE_COMPLETE",
    ]
    assert (record["result"], record["verified"], record["who"]) == ("done", True, CALLER)
    assert f"{STACK}: recorded in {stage.project.folder}/.ecs-blocks/records/prod" in done.stderr
    assert done.stdout == ""


def test_the_same_again_is_nothing_to_do(stage: Stage) -> None:
    stage.deployed()
    done = stage.deploy()

    assert (done.code, done.lines) == (0, [f"OK: {STACK}: nothing to change"])
    assert stage.fake.asked("ExecuteChangeSet") == []
    assert len(stage.records) == 1


def test_the_credentials_of_another_account_end_it_before_anything_is_asked(
    tmp_path: Path,
) -> None:
    """Row 6."""
    with staged(tmp_path, account="999999999999") as stage:
        done = stage.run(*DEPLOY)

        assert (done.code, done.stdout) == (2, "")
        assert done.lines == [
            "prod is account 123456789012 in platform.yaml, but your credentials are of account "
            "999999999999 (arn:aws:sts::999999999999:assumed-role/deployer/ci); nothing was done",
            "  log in to 123456789012, or give prod a RoleArn under deploy: in platform.yaml",
        ]
        assert stage.fake.operations == ["GetCallerIdentity"]


def test_a_new_stack_to_which_nobody_can_agree_leaves_nothing(stage: Stage) -> None:
    """Row 35: at once, and without a question that nobody would answer."""
    done = stage.run("deploy", "hoge", "--env", "prod")

    assert done.code == 4
    assert done.outcome == [
        f"NOT DONE: {STACK}: nobody is here to agree to it; nothing was changed",
        "  add --yes; or in two steps: --plan-only FILE, then --plan FILE",
    ]
    assert stage.fake.summary()["stacks"] == {}
    assert stage.records == []


def test_an_update_to_which_nobody_can_agree_leaves_the_stack_as_it_was(stage: Stage) -> None:
    """Row 35."""
    stage.deployed()
    before = stage.fake.summary()
    done = stage.within("deploy", "hoge", "--env", "prod", "--set", "Title=two")

    assert done.code == 4
    assert "      DisplayName: one → two (because of parameter Title)" in done.lines
    assert stage.fake.summary() == before


def test_what_is_rolled_back_is_told_with_its_cause_on_the_second_line(stage: Stage) -> None:
    """Row 58."""
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "the key is disabled")
    done = stage.run(*DEPLOY, "--set", "Title=two")

    assert done.code == 10
    assert done.outcome == [
        f"FAILED: {STACK} was rolled back (UPDATE_ROLLBACK_COMPLETE); the version before is back",
        "  because: Topic: UPDATE_FAILED: the key is disabled",
        "  mend the cause and deploy again",
    ]
    assert stage.title() == "one"
    assert [one["result"] for one in stage.records] == ["done", "rolled back"]
    assert stage.records[-1]["root_cause"] == "Topic: UPDATE_FAILED: the key is disabled"


def test_a_first_deploy_that_fails_serves_nothing(stage: Stage) -> None:
    """Row 58."""
    stage.fake.script.resource_fails("Other", "no such key")
    done = stage.deploy()

    assert done.code == 10
    assert done.outcome[:2] == [
        f"FAILED: {STACK} was rolled back (ROLLBACK_COMPLETE); nothing serves: it was the first "
        "deploy",
        "  because: Other: CREATE_FAILED: no such key",
    ]


def test_a_rollback_that_fails_is_told_with_the_way_out(stage: Stage) -> None:
    """Row 59."""
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "the key is disabled", on="UPDATE")
    stage.fake.script.resource_fails("Topic", "and still is", on="ROLLBACK")
    done = stage.run(*DEPLOY, "--set", "Title=two")

    assert done.code == 11
    assert done.outcome == [
        f"FAILED: {STACK} is stuck at UPDATE_ROLLBACK_FAILED",
        "  because: Topic: UPDATE_FAILED: the key is disabled",
        "  also: Topic: UPDATE_FAILED: and still is, in the rollback",
        "  the rollback is stuck; see why with `ecs-blocks status hoge --env prod`, mend it, then "
        "`ecs-blocks recover hoge --env prod`",
    ]


def test_a_stack_that_is_stuck_is_not_deployed_to(stage: Stage) -> None:
    stage.deployed()
    stage.fake.stack(STACK).force_status("UPDATE_ROLLBACK_FAILED")
    done = stage.deploy(title="two")

    assert done.code == 11
    assert done.lines[0] == f"NOT DONE: {STACK} is UPDATE_ROLLBACK_FAILED"
    assert "CreateChangeSet" not in stage.fake.operations


DONE = {
    "code": 0,
    "result": "ok",
    "sentence": f"{STACK} is UPDATE_COMPLETE",
    "causes": [],
    "left_behind": [],
    "hint": "",
}


def test_the_outcome_as_json_is_all_that_stands_on_stdout(stage: Stage) -> None:
    stage.deployed()
    done = stage.run(*DEPLOY, "--json", "--set", "Title=two")
    [(name, found)] = done.json["stacks"].items()

    assert (done.code, name) == (0, STACK)
    assert (done.json["format"], done.json["code"]) == (1, 0)
    assert done.json["meaning"] == EXIT_CODES[Exit.DONE]
    assert [(one["logical_id"], one["verdict"], one["text"]) for one in found["changes"]] == [
        ("Topic", "changed", "is changed")
    ]
    assert found["changes"][0]["properties"][0] == {
        "path": "DisplayName",
        "before": "one",
        "after": "two",
        "recreation": "Never",
        "cause": "parameter Title",
    }
    assert {key: found[key] for key in DONE} == DONE
    assert found["stack_id"] == stage.fake.stack(STACK).id
    assert found["token"].startswith("eb-")
    assert done.outcome == [f"OK: {STACK} is UPDATE_COMPLETE"]


@pytest.mark.parametrize(
    ("status", "code", "result"),
    [("UPDATE_FAILED", 11, "not done"), ("CREATE_COMPLETE", 10, "failed")],
    ids=["refused", "rolled back"],
)
def test_a_failure_is_json_too(stage: Stage, status: str, code: int, result: str) -> None:
    stage.deployed()
    stage.fake.stack(STACK).force_status(status)
    stage.fake.script.resource_fails("Topic", "no")
    done = stage.deploy("--json", title="two")

    assert done.code == done.json["code"] == done.json["stacks"][STACK]["code"] == code
    assert done.json["stacks"][STACK]["result"] == result


def test_a_template_that_aws_refuses_changes_nothing(stage: Stage) -> None:
    stage.fake.script.change_set_fails("Template error: it is wrong")
    done = stage.deploy()

    assert done.code == 15
    assert done.outcome == [
        f"NOT DONE: {STACK}: CloudFormation refuses this: Template error: it is wrong"
    ]
    assert stage.fake.summary()["stacks"] == {}
