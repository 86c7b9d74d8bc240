"""A stack that is stuck comes to rest by the mildest way, and nothing goes without consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.recovery import recovery_of, refuse_cancel, start
from ecs_blocks.deploy.undoing import undone
from tests.deploy.stage import STACK, Person, deploy, deployed, place
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.ending import Outcome

pytestmark = pytest.mark.slow


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        yield found


def stack_of(fake: FakeAws) -> Stack:
    found = read_stack(fake.aws(), STACK)
    assert found is not None
    return found


def stuck(fake: FakeAws) -> None:
    """An update that failed, and whose rollback failed too."""
    deployed(fake)
    fake.script.resource_fails("Topic", "the new key is disabled", on="UPDATE")
    fake.script.resource_fails("Topic", "the old key is disabled too", on="ROLLBACK")
    assert deploy(fake).code is Exit.NEEDS_A_PERSON


def recover(fake: FakeAws, *skip: str) -> Outcome:
    aws, stack = fake.aws(), stack_of(fake)
    recovery = recovery_of(aws, place(), stack, skip)
    assert recovery is not None
    return undone(aws, place(), start(aws, place(), stack, recovery), Person())


@pytest.mark.slow
def test_the_rollback_is_tried_again_with_nothing_left_out(fake: FakeAws) -> None:
    """Row 59."""
    stuck(fake)

    outcome = recover(fake)

    assert outcome.code is Exit.DONE
    assert fake.stack(STACK).status == "UPDATE_ROLLBACK_COMPLETE"
    assert "ResourcesToSkip" not in fake.asked("ContinueUpdateRollback")[0]


@pytest.mark.slow
def test_what_fails_again_is_told_with_the_way_to_leave_it_out(fake: FakeAws) -> None:
    stuck(fake)
    fake.script.resource_fails("Topic", "and still is", on="ROLLBACK")

    outcome = recover(fake)

    assert outcome.code is Exit.NEEDS_A_PERSON
    assert outcome.causes[0] == "Topic: UPDATE_FAILED: and still is"
    assert "--skip Topic" in outcome.hint


@pytest.mark.slow
def test_only_what_is_named_is_left_out(fake: FakeAws) -> None:
    stuck(fake)

    outcome = recover(fake, "Topic")

    assert outcome.code is Exit.DONE
    assert fake.asked("ContinueUpdateRollback")[0]["ResourcesToSkip"] == ["Topic"]


@pytest.mark.slow
def test_what_did_not_fail_cannot_be_left_out(fake: FakeAws) -> None:
    """Row 77: CloudFormation would refuse it after the fact."""
    stuck(fake)

    with pytest.raises(DeployError, match="not be rolled back can be left out: Topic"):
        recovery_of(fake.aws(), place(), stack_of(fake), ["Queue"])
    assert fake.asked("ContinueUpdateRollback") == []


def test_a_stack_at_rest_needs_nothing(fake: FakeAws) -> None:
    deployed(fake)

    assert recovery_of(fake.aws(), place(), stack_of(fake), []) is None


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("UPDATE_IN_PROGRESS", Exit.BLOCKED),
        ("ROLLBACK_FAILED", Exit.NEEDS_A_PERSON),
        ("DELETE_FAILED", Exit.NEEDS_A_PERSON),
        ("IMPORT_ROLLBACK_FAILED", Exit.NEEDS_A_PERSON),
    ],
)
def test_what_cannot_be_recovered_is_said(fake: FakeAws, status: str, code: Exit) -> None:
    deployed(fake)
    fake.stack(STACK).force_status(status)

    with pytest.raises(DeployError) as error:
        recovery_of(fake.aws(), place(), stack_of(fake), [])

    assert error.value.code is code


def test_of_a_kept_creation_what_the_template_retains_stays(fake: FakeAws) -> None:
    """Source: API reference, RollbackStack, RetainExceptOnCreate, which is false by default."""
    bodies = {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Queue": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain"},
        "Other": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "RetainExceptOnCreate"},
    }
    fake.deployed(STACK, {"Resources": bodies})
    fake.stack(STACK).force_status("CREATE_FAILED")
    stack = stack_of(fake)
    recovery = recovery_of(fake.aws(), place(), stack, [])

    assert recovery is not None
    assert {one.logical_id for one in recovery.deleted} == {"Topic", "Other"}
    assert [one.logical_id for one in recovery.kept] == ["Queue"]
    assert "These stay in the account, and no stack knows them any more:" in recovery.lines(stack)


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        ("UPDATE_COMPLETE", ""),
        ("UPDATE_ROLLBACK_FAILED", ""),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "to watch it: ecs-blocks attach hoge --env prod"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "to watch it: ecs-blocks attach hoge --env prod"),
    ],
)
def test_only_an_update_that_runs_can_be_ended(fake: FakeAws, status: str, hint: str) -> None:
    """Source: API reference, CancelUpdateStack."""
    deployed(fake)
    fake.stack(STACK).force_status(status)
    with pytest.raises(DeployError, match="there is no update to end") as error:
        refuse_cancel(place(), stack_of(fake))

    assert (error.value.code, error.value.hint) == (Exit.INPUT, hint)
    fake.stack(STACK).force_status("UPDATE_IN_PROGRESS")
    refuse_cancel(place(), stack_of(fake))


def test_what_a_kept_creation_would_lose_is_listed_first(fake: FakeAws) -> None:
    """Row 79."""
    deployed(fake)
    fake.stack(STACK).force_status("CREATE_FAILED")
    stack = stack_of(fake)

    recovery = recovery_of(fake.aws(), place(), stack, [])

    assert recovery is not None
    assert recovery.call == "RollbackStack"
    assert {one.logical_id for one in recovery.deleted} == {"Topic", "Queue"}
    assert "The creation is rolled back, and these are deleted:" in recovery.lines(stack)
