"""Failures end as in CloudFormation, and every way out of them works."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_aws import FakeAws
from tests.fake_aws.examples import BUCKETS, NAME, client, made, parameters, refused, told

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        yield fake


def create(fake: FakeAws, **arguments: Any) -> None:
    client(fake).create_stack(StackName=NAME, TemplateBody=BUCKETS, **arguments)
    fake.clock.sleep(60)


def update(fake: FakeAws, value: str = "b", **arguments: Any) -> None:
    client(fake).update_stack(
        StackName=NAME, UsePreviousTemplate=True, Parameters=parameters(One=value), **arguments
    )
    fake.clock.sleep(60)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({}, "ROLLBACK_COMPLETE"),
        ({"DisableRollback": True}, "CREATE_FAILED"),
        ({"OnFailure": "DO_NOTHING"}, "CREATE_FAILED"),
        ({"OnFailure": "DELETE"}, "DELETE_COMPLETE"),
    ],
)
def test_a_failed_creation_ends_as_it_was_asked_for(
    fake: FakeAws, arguments: dict[str, Any], status: str
) -> None:
    fake.script.resource_fails("B")
    create(fake, **arguments)

    assert fake.cloudformation.stacks.all[0].status == status


def test_one_failure_cancels_what_is_under_way(fake: FakeAws) -> None:
    fake.script.resource_fails("B", "no", after_s=1)
    create(fake)
    failed = {one.logical_id: one.reason for one in fake.stack(NAME).events if one.is_failure}
    rollback = [
        one.reason for one in fake.stack(NAME).events if one.status == "ROLLBACK_IN_PROGRESS"
    ]

    assert failed == {
        "A": "Resource creation cancelled",
        "B": "no",
        "C": "Resource creation cancelled",
    }
    assert rollback == [
        "The following resource(s) failed to create: [B, A, C]. Rollback requested by user."
    ]


def test_a_rollback_that_fails_leaves_something(fake: FakeAws) -> None:
    fake.script.resource_fails("B", on="CREATE", after_s=30)
    fake.script.resource_fails("A", "in use", on="DELETE")
    create(fake)
    fake.clock.sleep(60)

    assert fake.stack(NAME).status == "ROLLBACK_FAILED"
    assert fake.stack(NAME).resources["A"].status == "DELETE_FAILED"


def test_a_failed_update_goes_back(fake: FakeAws) -> None:
    create(fake)
    fake.script.resource_fails("B")
    before = len(fake.stack(NAME).events)
    update(fake)
    values = {one.properties["DisplayName"] for one in fake.stack(NAME).resources.values()}
    ends = [one for one in told(fake)[before:] if one.startswith(NAME)]

    assert values == {"a"}
    assert fake.stack(NAME).definition.parameters == {"One": "a"}
    assert [one.partition(" ")[2] for one in ends] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]


def test_a_rollback_is_an_operation_with_the_same_token(fake: FakeAws) -> None:
    create(fake)
    fake.script.resource_fails("B")
    update(fake, ClientRequestToken="x1")
    kinds = [(one.type, one.token, one.status) for one in fake.stack(NAME).operations[1:]]

    assert kinds == [("UPDATE_STACK", "x1", "FAILED"), ("ROLLBACK", "x1", "SUCCEEDED")]


def test_an_update_can_be_cancelled(fake: FakeAws) -> None:
    create(fake)
    fake.script.hold("B")
    update(fake)
    aws = client(fake)
    aws.cancel_update_stack(StackName=NAME)
    fake.clock.sleep(2)
    fake.script.release("B")
    fake.clock.sleep(60)

    assert "B UPDATE_FAILED" in told(fake)
    assert fake.stack(NAME).status == "UPDATE_ROLLBACK_COMPLETE"
    assert refused(aws.cancel_update_stack, StackName=NAME).startswith(
        "ValidationError: CancelUpdateStack cannot be called from current stack status"
    )


def test_a_creation_can_only_be_deleted(fake: FakeAws) -> None:
    fake.script.hold("B")
    create(fake)
    aws = client(fake)

    assert refused(aws.cancel_update_stack, StackName=NAME).startswith("ValidationError")

    fake.script.release("B")
    aws.delete_stack(StackName=NAME)
    fake.clock.sleep(60)

    assert fake.cloudformation.stacks.all[0].status == "DELETE_COMPLETE"


@pytest.fixture
def stuck(fake: FakeAws) -> FakeAws:
    create(fake)
    fake.script.resource_fails("B")
    fake.script.resource_fails("A", "cannot go back", on="ROLLBACK", times=None)
    update(fake)
    return fake


def test_a_rollback_can_get_stuck(stuck: FakeAws) -> None:
    assert stuck.stack(NAME).status == "UPDATE_ROLLBACK_FAILED"
    assert stuck.stack(NAME).resources["A"].status == "UPDATE_FAILED"


def test_a_stuck_rollback_goes_on_when_the_cause_is_mended(stuck: FakeAws) -> None:
    stuck.script.mended("A")
    client(stuck).continue_update_rollback(StackName=NAME)
    stuck.clock.sleep(60)

    assert stuck.stack(NAME).status == "UPDATE_ROLLBACK_COMPLETE"


def test_a_stuck_resource_can_be_skipped_but_no_other(stuck: FakeAws) -> None:
    aws = client(stuck)
    good = next(x for x in stuck.stack(NAME).resources.values() if x.status != "UPDATE_FAILED")
    found = refused(
        aws.continue_update_rollback, StackName=NAME, ResourcesToSkip=["A", good.logical_id]
    )
    aws.continue_update_rollback(StackName=NAME, ResourcesToSkip=["A"])
    stuck.clock.sleep(60)

    assert found.startswith(f"ValidationError: The resource {good.logical_id} cannot be skipped")
    assert stuck.stack(NAME).status == "UPDATE_ROLLBACK_COMPLETE"


def test_an_update_that_was_left_failed_is_rolled_back_on_demand(fake: FakeAws) -> None:
    create(fake)
    fake.script.resource_fails("B")
    update(fake, DisableRollback=True)
    paused = fake.stack(NAME).status
    client(fake).rollback_stack(StackName=NAME)
    fake.clock.sleep(60)

    assert (paused, fake.stack(NAME).status) == ("UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE")


def test_an_update_that_was_left_failed_can_be_pushed_on(fake: FakeAws) -> None:
    create(fake)
    fake.script.resource_fails("B")
    update(fake, DisableRollback=True)
    update(fake, "c", DisableRollback=True)
    values = {one.properties["DisplayName"] for one in fake.stack(NAME).resources.values()}

    assert (fake.stack(NAME).status, values) == ("UPDATE_COMPLETE", {"c"})


def test_rolling_back_a_stack_that_never_was_good_deletes_it(fake: FakeAws) -> None:
    fake.script.resource_fails("B")
    create(fake, DisableRollback=True)
    aws = client(fake)
    aws.rollback_stack(StackName=NAME)
    fake.clock.sleep(60)

    assert fake.cloudformation.stacks.all[0].status == "DELETE_COMPLETE"


@pytest.mark.parametrize("operation", ["rollback_stack", "continue_update_rollback"])
def test_nothing_is_rolled_back_that_is_good(fake: FakeAws, operation: str) -> None:
    create(fake)

    assert refused(getattr(client(fake), operation), StackName=NAME).startswith(
        f"ValidationError: Stack:{fake.stack(NAME).id} is in CREATE_COMPLETE state"
    )


def test_a_deletion_that_stops_can_leave_something_out(fake: FakeAws) -> None:
    create(fake)
    aws = client(fake)
    early = refused(aws.delete_stack, StackName=NAME, RetainResources=["A"])
    fake.script.resource_fails("A", "not empty", on="DELETE")
    aws.delete_stack(StackName=NAME)
    fake.clock.sleep(60)
    stopped = fake.stack(NAME)
    reason = stopped.reason
    aws.delete_stack(StackName=NAME, RetainResources=["A"])
    fake.clock.sleep(60)

    assert "RetainResources" in early
    assert reason == "The following resource(s) failed to delete: [A]. "
    assert stopped.status == "DELETE_COMPLETE"
    assert "A DELETE_SKIPPED" in [f"{one.logical_id} {one.status}" for one in stopped.events]


def test_a_policy_decides_what_a_deletion_leaves(fake: FakeAws) -> None:
    kept = {"Type": "AWS::SNS::Topic", "DeletionPolicy": "RetainExceptOnCreate"}
    text = json.dumps({"Resources": {"A": kept, "B": {"Type": "AWS::SNS::Topic"}}})
    fake.deployed(NAME, text)
    client(fake).delete_stack(StackName=NAME)
    fake.clock.sleep(60)
    ends = [
        f"{one.logical_id} {one.status}"
        for one in fake.cloudformation.stacks.all[0].events
        if one.logical_id in "AB" and "DELETE" in one.status
    ]

    assert ends == ["A DELETE_SKIPPED", "B DELETE_IN_PROGRESS", "B DELETE_COMPLETE"]


def test_a_change_set_is_marked_by_how_it_ended(fake: FakeAws) -> None:
    create(fake)
    change_set = made(fake, TemplateBody=BUCKETS, Parameters=parameters(One="b"))
    fake.script.resource_fails("B")
    aws = client(fake)
    aws.execute_change_set(ChangeSetName=change_set)
    fake.clock.sleep(60)

    assert aws.describe_change_set(ChangeSetName=change_set)["ExecutionStatus"] == "EXECUTE_FAILED"


@pytest.mark.parametrize("state", ["ALARM", None])
def test_a_rollback_trigger_stops_an_update(fake: FakeAws, state: str | None) -> None:
    create(fake)
    if state:
        fake.world.cloudwatch.alarm("errors", state=state)
    trigger = {"Arn": "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:errors"}
    update(
        fake,
        RollbackConfiguration={"RollbackTriggers": [{**trigger, "Type": "AWS::CloudWatch::Alarm"}]},
    )

    assert fake.stack(NAME).status == "UPDATE_ROLLBACK_COMPLETE"
