"""The verbs around a deploy: look, watch, go back, end it, mend it, delete it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.deploying.stage import STACK

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

HERE = ("hoge", "--env", "prod")
ID = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ-[0-9a-f]{8}"


def without_ids(lines: list[str]) -> list[str]:
    """Lines in which every deploy's id is ID, and every time is TIME."""
    lines = [re.sub(ID, "ID", line) for line in lines]
    return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", "TIME", line) for line in lines]


def stuck(stage: Stage) -> None:
    """An update that failed, and whose rollback failed too."""
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "the key is disabled", on="UPDATE")
    stage.fake.script.resource_fails("Topic", "and still is", on="ROLLBACK")
    stage.within("deploy", *HERE, "--yes", "--set", "Title=two")
    stage.fake.calls.clear()

    assert stage.fake.stack(STACK).status == "UPDATE_ROLLBACK_FAILED"


def test_status_tells_the_stack_and_the_last_deploys(stage: Stage) -> None:
    stage.deployed()
    stage.deployed("two")
    done = stage.run("status", *HERE)

    assert (done.code, done.stderr) == (0, "")
    assert without_ids(done.stdout.splitlines()) == [
        f"{STACK}: UPDATE_COMPLETE",
        "deploys, newest first:",
        "  1  ID  done in 0s  no commit  deployer/ci",
        "  2  ID  done in 0s  no commit  deployer/ci",
    ]


def test_status_of_a_stack_that_is_stuck_tells_why_and_the_way_out(stage: Stage) -> None:
    stuck(stage)
    done = stage.within("status", *HERE)

    assert done.stdout.splitlines()[:4] == [
        f"{STACK}: UPDATE_ROLLBACK_FAILED (The following resource(s) failed to update: [Topic])",
        "  because: Topic: UPDATE_FAILED: the key is disabled",
        "  Topic is UPDATE_FAILED: and still is",
        "  the rollback is stuck; see why with `ecs-blocks status hoge --env prod`, mend it, then "
        "`ecs-blocks recover hoge --env prod`; what cannot be mended can be left out: "
        "`ecs-blocks recover hoge --env prod --skip Topic`",
    ]


def test_status_as_json(stage: Stage) -> None:
    stage.deployed()
    found = stage.within("status", *HERE, "--json").json

    assert found["stack"]["status"] == "CREATE_COMPLETE"
    assert found["stack"]["outputs"].keys() == {"TopicArn"}
    assert [one["result"] for one in found["deploys"]] == ["done"]


def test_events_tell_the_cause_first_and_then_all_in_order(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "the key is disabled", on="UPDATE")
    stage.within("deploy", *HERE, "--yes", "--set", "Title=two")
    done = stage.run("events", *HERE)

    assert (done.code, done.stderr) == (0, "")
    assert without_ids(done.stdout.splitlines())[:6] == [
        "because: Topic: UPDATE_FAILED: the key is disabled",
        "",
        "TIME  UPDATE_IN_PROGRESS                            hoge-prod "
        "(AWS::CloudFormation::Stack)  User Initiated",
        "TIME  UPDATE_IN_PROGRESS                            Topic (AWS::SNS::Topic)",
        "TIME  UPDATE_FAILED                                 Topic (AWS::SNS::Topic)  the key is "
        "disabled",
        "TIME  UPDATE_ROLLBACK_IN_PROGRESS                   hoge-prod "
        "(AWS::CloudFormation::Stack)  The following resource(s) failed to update: [Topic].",
    ]


def test_events_as_json(stage: Stage) -> None:
    stage.deployed()
    found = stage.within("events", *HERE, "--json").json

    assert (found[0]["resource"], found[0]["status"]) == (STACK, "CREATE_IN_PROGRESS")
    assert (found[-1]["resource"], found[-1]["status"]) == (STACK, "CREATE_COMPLETE")
    assert {one["resource"] for one in found} == {STACK, "Topic", "Group", "Other"}


@pytest.mark.parametrize("verb", ["status", "events", "attach", "cancel", "recover", "redeploy"])
def test_of_a_stack_that_is_not_there_every_verb_says_so(stage: Stage, verb: str) -> None:
    done = stage.within(verb, *HERE)

    assert (done.code, done.stdout) == (2, "")
    assert done.lines == [
        f"there is no stack {STACK} in account 123456789012, ap-northeast-1",
        "  deploy it: ecs-blocks deploy hoge --env prod",
    ]


VERBS = [
    *("status", "events", "attach", "cancel", "recover", "delete", "rollback", "deploy"),
    "redeploy",
]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_refuses_an_environment_that_does_not_exist(stage: Stage, verb: str) -> None:
    done = stage.within(verb, "hoge", "--env", "prd")

    assert done.code == 2
    assert done.lines[0].endswith("did you mean prod?")
    assert stage.fake.calls == []


def test_recover_shows_what_is_in_the_way_and_tries_again(stage: Stage) -> None:
    stuck(stage)
    asked = stage.within("recover", *HERE)
    done = stage.run("recover", *HERE, "--yes")

    assert asked.code == 4
    assert asked.lines == [
        f"{STACK} is UPDATE_ROLLBACK_FAILED",
        "  Topic (AWS::SNS::Topic): and still is",
        "CloudFormation tries its rollback again.",
        "nobody is here to agree to this; add --yes",
        "nothing was changed",
    ]
    assert (done.code, done.outcome) == (
        0,
        [f"OK: {STACK} is at rest (UPDATE_ROLLBACK_COMPLETE); the version before is back"],
    )


def test_a_recovery_that_fails_says_how_to_leave_it_out(stage: Stage) -> None:
    stuck(stage)
    stage.fake.script.resource_fails("Topic", "for ever", on="ROLLBACK", times=None)
    failed = stage.within("recover", *HERE, "--yes")
    skipped = stage.within("recover", *HERE, "--yes", "--skip", "Topic")

    assert (failed.code, failed.outcome) == (
        11,
        [
            f"FAILED: {STACK} is stuck at UPDATE_ROLLBACK_FAILED",
            "  because: Topic: UPDATE_FAILED: for ever",
            "  mend what failed and repeat: ecs-blocks recover hoge --env prod",
            "  or leave it out: ecs-blocks recover hoge --env prod --skip Topic",
        ],
    )
    assert skipped.code == 0
    assert stage.fake.asked("ContinueUpdateRollback")[-1]["ResourcesToSkip"] == ["Topic"]


def test_where_nothing_is_stuck_recover_has_nothing_to_do(stage: Stage) -> None:
    stage.deployed()
    done = stage.within("recover", *HERE)

    assert (done.code, done.lines) == (
        0,
        [f"{STACK} is CREATE_COMPLETE; there is nothing to recover"],
    )


def test_delete_lists_what_goes_and_deletes_it(stage: Stage) -> None:
    stage.deployed()
    asked = stage.within("delete", *HERE)
    done = stage.run("delete", *HERE, "--yes")
    again = stage.within("delete", *HERE, "--yes")

    assert asked.code == 4
    assert asked.lines[0] == f"{STACK} (CREATE_COMPLETE) is deleted, with 3 resources:"
    assert asked.lines[-1] == "nothing was changed"
    assert (done.code, done.outcome) == (0, [f"OK: {STACK} is deleted"])
    assert (again.code, again.lines) == (0, [f"{STACK}: there is nothing to delete"])
    assert stage.fake.summary()["stacks"] == {}


def test_a_protected_stack_is_not_deleted(stage: Stage) -> None:
    """Row 80."""
    stage.deployed()
    stage.fake.stack(STACK).protected = True
    done = stage.run("delete", *HERE, "--yes")

    assert done.code == 15
    assert done.lines == [
        f"{STACK} cannot be deleted; nothing was done:",
        "  termination protection is on; switch it off on purpose: aws cloudformation "
        f"update-termination-protection --no-enable-termination-protection --stack-name {STACK} "
        "--region ap-northeast-1",
    ]
    assert stage.fake.stack(STACK).status == "CREATE_COMPLETE"


def test_a_deletion_that_fails_says_what_holds_it_and_how_to_leave_that(stage: Stage) -> None:
    """Row 82."""
    stage.deployed()
    stage.fake.script.resource_fails("Other", "it is in use", on="DELETE", times=None)
    failed = stage.run("delete", *HERE, "--yes")
    left = stage.within("delete", *HERE, "--yes", "--retain", "Other")

    assert (failed.code, failed.outcome) == (
        11,
        [
            f"FAILED: {STACK} is stuck at DELETE_FAILED",
            "  because: Other: DELETE_FAILED: it is in use",
            "  mend what failed and repeat: ecs-blocks delete hoge --env prod",
            "  or leave it in AWS: ecs-blocks delete hoge --env prod --retain Other",
        ],
    )
    assert (left.code, left.outcome[0]) == (0, f"OK: {STACK} is deleted")
    assert left.outcome[1].startswith("  left behind, and no stack knows it any more: Other (")
