"""The verbs that take back go on where they were left, and do at each status what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.deploying.stage import STACK
from tests.cli.deploying.virtual import virtually
from tests.fake_aws import error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.deploying.stage import Ended, Stage

pytestmark = pytest.mark.slow

HERE = ("hoge", "--env", "prod")
ANOTHER = "Console-DeleteStack-0a1b"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with virtually(tmp_path, per_second=1e6) as found:
        yield found


def calls(stage: Stage, *operations: str) -> list[str]:
    """The calls of *operations* that came in."""
    return [one.operation for one in stage.fake.calls if one.operation in operations]


def deleting(stage: Stage, token: str) -> None:
    """A deletion that runs for ten minutes."""
    stage.deployed()
    stage.fake.script.resource_takes("Topic", 600)
    stage.fake.cloudformation.delete_stack({"StackName": STACK, "ClientRequestToken": token})
    stage.fake.clock.advance(3)

    assert stage.fake.stack(STACK).status == "DELETE_IN_PROGRESS"


def rolled_back(stage: Stage, **request: Any) -> None:
    """A stack of somebody else whose creation failed."""
    stage.fake.script.resource_fails("T", "quota exceeded")
    template = '{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}'
    client = stage.fake.aws().client("cloudformation")
    client.create_stack(StackName=STACK, TemplateBody=template, **request)
    stage.fake.clock.advance(600)
    stage.fake.calls.clear()

    assert stage.fake.stack(STACK).status == "ROLLBACK_COMPLETE"


def lines(ended: Ended) -> str:
    return "\n".join(ended.lines)


def test_a_deletion_that_runs_is_watched_whoever_began_it(stage: Stage) -> None:
    deleting(stage, ANOTHER)
    done = stage.within("delete", *HERE)

    assert (done.code, done.outcome[0][:24]) == (0, f"OK: {STACK} is deleted")
    assert "being deleted already; watching it" in done.stderr
    assert calls(stage, "DeleteStack") == []


def test_a_deletion_that_was_left_goes_on_when_typed_again(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.resource_takes("Topic", 7200)
    first = stage.within("delete", *HERE, "--yes")
    again = stage.within("delete", *HERE, "--yes")

    assert (first.code, again.code) == (12, 0)
    assert calls(stage, "DeleteStack") == ["DeleteStack"]


def test_no_stack_is_deleted_under_an_update(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.hold("Topic")
    stage.fake.updated_by_another(Title="three")
    stage.fake.clock.advance(3)
    done = stage.within("delete", *HERE, "--yes")

    assert done.code == 13
    assert done.lines == [
        f"{STACK} is UPDATE_IN_PROGRESS (token Console-UpdateStack-0a1b); nothing was done",
        "  an update runs, and CloudFormation deletes no stack under it; end it with `ecs-blocks "
        "cancel hoge --env prod`, or see its end with `ecs-blocks attach hoge --env prod`, then "
        "delete",
    ]
    assert calls(stage, "DeleteStack") == []


def test_what_ends_by_itself_is_waited_for_before_it_is_asked(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "no", on="UPDATE")
    stage.fake.script.resource_takes("Topic", 50)
    stage.fake.updated_by_another(Title="x")
    while stage.fake.stack(STACK).status != "UPDATE_ROLLBACK_IN_PROGRESS":
        stage.fake.clock.advance(1)
    done = stage.within("delete", *HERE)

    assert f"{STACK} is UPDATE_ROLLBACK_IN_PROGRESS; waiting until that is over" in done.stderr
    assert f"{STACK} (UPDATE_ROLLBACK_COMPLETE) is deleted, with 3 resources:" in done.lines
    assert done.code == 4


def test_a_status_that_stays_is_not_waited_for_without_end(stage: Stage) -> None:
    stage.deployed()
    stage.fake.stack(STACK).force_status("ROLLBACK_IN_PROGRESS")
    done = stage.within("delete", *HERE, "--yes")

    assert done.code == 13
    assert "although by its events nothing runs" in done.stderr


def test_a_creation_is_ended_by_its_deletion(stage: Stage) -> None:
    stage.fake.script.resource_takes("Topic", 300)
    left = stage.deploy("--timeout", "1")
    done = stage.within("delete", *HERE, "--yes")

    assert "CREATE_IN_PROGRESS after 1 minute" in left.outcome[0]
    assert "note: it is being created; only a deletion ends that" in done.lines
    assert done.code == 0


def test_open_reviews_are_named_and_deleted_before_a_stack_that_never_was(stage: Stage) -> None:
    stage.fake.aws().client("cloudformation").create_change_set(
        StackName=STACK,
        ChangeSetName="theirs",
        ChangeSetType="CREATE",
        Description="a try",
        TemplateBody='{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}',
    )
    stage.fake.clock.advance(60)
    asked = stage.within("delete", *HERE)
    done = stage.within("delete", *HERE, "--yes")

    assert asked.lines[:3] == [
        f"{STACK} (REVIEW_IN_PROGRESS) is deleted; it holds nothing that would be deleted",
        "These change sets go with it, and can no longer be executed:",
        "  theirs of 2026-11-23 01:00 UTC, somebody else's: a try",
    ]
    assert done.code == 0
    assert calls(stage, "DeleteStack", "DeleteChangeSet") == ["DeleteChangeSet", "DeleteStack"]


def test_a_plan_that_waits_is_named_too(stage: Stage) -> None:
    stage.deployed()
    stage.within("deploy", *HERE, "--set", "Title=two", "--plan-only", "two.plan")
    done = stage.within("delete", *HERE)

    assert lines(done).count("a plan of ecs-blocks") == 1


@pytest.mark.parametrize("status", ["UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED"])
def test_what_can_be_mended_is_said_before_it_is_deleted(stage: Stage, status: str) -> None:
    stage.deployed()
    stage.fake.stack(STACK).force_status(status)
    done = stage.within("delete", *HERE)

    assert (
        "note: the last update failed; if the stack is to stay, `ecs-blocks recover hoge --env "
        "prod` instead"
    ) in done.lines


def test_what_fails_for_ever_can_be_left_and_is_told(stage: Stage) -> None:
    """Source: API reference, DeleteStack, DeletionMode."""
    stage.deployed()
    early = stage.within("delete", *HERE, "--yes", "--force")
    stage.fake.script.resource_fails("Other", "it is in use", on="DELETE", times=None)
    failed = stage.within("delete", *HERE, "--yes")
    both = stage.within("delete", *HERE, "--yes", "--force", "--retain", "Other")
    forced = stage.within("delete", *HERE, "--yes", "--force")

    assert (early.code, failed.code, both.code, forced.code) == (2, 11, 2, 0)
    assert early.lines[0].startswith("--force: CloudFormation takes it only after a deletion has")
    assert "Whatever of it fails to be deleted stays" in forced.stderr
    assert forced.outcome[1].startswith(
        "  left behind, and no stack knows it any more: Other (AWS::SNS::Topic) arn:aws:sns:"
    )
    assert stage.fake.asked("DeleteStack")[-1]["DeletionMode"] == "FORCE_DELETE_STACK"


def test_what_cloudformation_refuses_comes_with_what_to_do(stage: Stage) -> None:
    stage.deployed()
    stage.fake.fault("DeleteStack", error("ValidationError", "it is in a state"))
    done = stage.within("delete", *HERE, "--yes")

    assert done.code == 15
    assert done.lines[-1] == "  see how it is now: ecs-blocks status hoge --env prod"


def test_a_status_that_is_new_is_not_written_to(stage: Stage) -> None:
    stage.deployed()
    stage.fake.stack(STACK).force_status("POLISHED")

    for verb in ("delete", "recover", "deploy"):
        done = stage.within(verb, *HERE, "--yes")
        assert done.code == 11, verb
        assert "POLISHED is new to this version of ecs_blocks; upgrade it" in done.stderr
    assert calls(stage, "DeleteStack", "RollbackStack", "CreateChangeSet") == []


@pytest.mark.parametrize(
    ("status", "express", "told"),
    [
        pytest.param("UPDATE_FAILED", True, "an update in EXPRESS mode failed", id="78"),
        pytest.param("CREATE_FAILED", True, "a creation in EXPRESS mode failed", id="78 new"),
        ("IMPORT_ROLLBACK_FAILED", False, "an import failed, and so did its rollback"),
    ],
)
def test_every_verb_tells_the_same_way_out(
    stage: Stage, status: str, told: str, *, express: bool
) -> None:
    """Row 78: after EXPRESS, RollbackStack is refused, and so is an update in another mode."""
    stage.deployed()
    stack = stage.fake.stack(STACK)
    stack.force_status(status)
    stack.deployment_mode = "EXPRESS" if express else "STANDARD"
    verbs = [("deploy", "--yes", "--set", "Title=two"), ("recover", "--yes"), ("status",)]
    ended = [stage.within(verb, *HERE, *more) for verb, *more in verbs]
    [advice] = {
        line.strip()
        for one in ended
        for line in (one.stdout + one.stderr).splitlines()
        if told in line
    }

    assert [one.code for one in ended] == [11, 11, 0]
    assert "recover" not in advice
    assert calls(stage, "RollbackStack", "CreateChangeSet") == []


def test_a_recovery_that_was_left_goes_on_when_typed_again(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "a", on="UPDATE")
    stage.fake.script.resource_fails("Topic", "b", on="ROLLBACK")
    stage.deploy(title="two")
    stage.fake.script.resource_takes("Topic", 5400)
    first = stage.within("recover", *HERE, "--yes")
    again = stage.within("recover", *HERE)

    assert (first.code, again.code) == (12, 0)
    assert again.outcome[0].startswith(f"OK: {STACK} is at rest (UPDATE_ROLLBACK_COMPLETE)")
    assert calls(stage, "ContinueUpdateRollback") == ["ContinueUpdateRollback"]


def test_a_cancellation_that_was_left_goes_on_when_typed_again(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.resource_takes("Topic", 5400)
    stage.fake.updated_by_another(Title="x")
    stage.fake.clock.advance(3)
    first = stage.within("cancel", *HERE, "--yes")
    again = stage.within("cancel", *HERE)

    assert (first.code, again.code) == (12, 0)
    assert calls(stage, "CancelUpdateStack") == ["CancelUpdateStack"]


def test_somebody_elses_deletion_is_no_recovery(stage: Stage) -> None:
    deleting(stage, ANOTHER)
    done = stage.within("recover", *HERE)

    assert done.code == 13
    assert "watch it with `ecs-blocks attach hoge --env prod`" in done.stderr


def test_a_protected_leftover_is_told_before_anybody_is_asked(stage: Stage) -> None:
    rolled_back(stage, EnableTerminationProtection=True)
    done = stage.deploy()

    assert done.code == 15
    assert done.lines == [
        f"NOT DONE: {STACK}: an earlier creation failed, and what it left has to be deleted before "
        "it is made again; but its termination protection is on",
        "  switch that off on purpose, then deploy again: aws cloudformation "
        f"update-termination-protection --no-enable-termination-protection --stack-name {STACK} "
        "--region ap-northeast-1",
    ]


def test_a_leftover_of_somebody_else_is_not_deleted_by_yes(stage: Stage) -> None:
    rolled_back(stage)
    done = stage.deploy()

    assert done.code == 11
    assert "nothing says that ecs-blocks made it" in done.stderr
    assert done.lines[-1].endswith(
        "delete it, then deploy again: ecs-blocks delete hoge --env prod"
    )
    assert calls(stage, "DeleteStack") == []


def test_a_plan_says_why_what_was_before_it_failed(stage: Stage) -> None:
    stage.fake.script.resource_fails("Topic", "the key is disabled", times=1)
    created = stage.deploy()
    again = stage.within("deploy", *HERE)
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "it is disabled again", on="UPDATE")
    updated = stage.deploy(title="two")
    third = stage.within("deploy", *HERE, "--set", "Title=three")

    assert (created.code, updated.code) == (10, 10)
    assert (
        "- the last creation was rolled back: Topic: CREATE_FAILED: the key is disabled"
    ) in again.lines
    assert (
        "- the last update was rolled back: Topic: UPDATE_FAILED: it is disabled again"
    ) in third.lines


def test_a_new_stack_that_was_declined_is_gone_when_it_is_said(stage: Stage) -> None:
    declined = stage.within("deploy", *HERE)
    done = stage.deploy()

    assert (declined.code, done.code) == (4, 0)
    assert "another operation runs" not in done.stderr


def test_where_there_are_too_many_change_sets_it_is_said_how_to_list_them(stage: Stage) -> None:
    stage.deployed()
    refused = error("LimitExceededException", "ChangeSet limit exceeded for stack")
    stage.fake.fault("CreateChangeSet", refused, times=None)
    done = stage.within("deploy", *HERE, "--set", "Title=two", "--stacks", "stacks")

    assert done.code == 15
    assert done.lines[-1].endswith(
        "this lists them: aws cloudformation list-change-sets --stack-name hoge-prod --region "
        "ap-northeast-1"
    )
