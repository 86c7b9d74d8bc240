"""What a rollback may leave out has the names that ContinueUpdateRollback takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.recovery import recovery_of, start
from ecs_blocks.deploy.skipping import skippable, without_them
from ecs_blocks.deploy.undoing import undone
from tests.deploy.stage import STACK, Person, place
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.cloudformation.stack import Stack

NESTED: dict[str, Any] = {
    "Resources": {
        "Nested": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": "https://t.s3.amazonaws.com/inner"},
        },
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Queue": {"Type": "AWS::SQS::Queue"},
    }
}
INNER = {"Resources": {"Inner": {"Type": "AWS::SNS::Topic"}}}


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    """A rollback that is stuck at a topic, and at another one in a nested stack."""
    with FakeAws() as found:
        found.world.s3.bucket("t").objects["inner"] = json.dumps(INNER).encode()
        found.deployed(STACK, NESTED)
        stack = found.stack(STACK)
        child = found.stack(stack.resources["Nested"].physical_id)
        for one in (stack.resources["Nested"], stack.resources["Topic"], child.resources["Inner"]):
            one.status, one.reason = "UPDATE_FAILED", "the key is disabled"
        queue = stack.resources["Queue"]
        queue.status, queue.reason = "UPDATE_FAILED", "Resource update cancelled"
        for stuck in (stack, child):
            stuck.force_status("UPDATE_ROLLBACK_FAILED")
        yield found


def stack_of(fake: FakeAws) -> Stack:
    found = read_stack(fake.aws(), STACK)
    assert found is not None
    return found


def inner_name(fake: FakeAws) -> str:
    """What AWS calls the topic in the nested stack."""
    return f"{fake.stack(STACK).resources['Nested'].physical_id.split('/')[1]}.Inner"


def test_neither_a_nested_stack_nor_what_was_cancelled_has_to_be_left_out(fake: FakeAws) -> None:
    found = skippable(fake.aws(), stack_of(fake).stack_id)

    assert [(one.name, one.path) for one in found] == [
        (inner_name(fake), "Nested.Inner"),
        ("Topic", "Topic"),
    ]
    assert without_them(place(), found) == (
        f"ecs-blocks recover hoge --env prod --skip {inner_name(fake)} --skip Topic"
    )
    assert without_them(place(), []) == ""


@pytest.mark.parametrize("spelling", ["path", "name"])
def test_a_resource_of_a_nested_stack_can_be_left_out(fake: FakeAws, spelling: str) -> None:
    """Source: API reference, ContinueUpdateRollback: NestedStackName.ResourceLogicalID."""
    aws, stack = fake.aws(), stack_of(fake)
    skip = ["Nested.Inner" if spelling == "path" else inner_name(fake), "Topic"]
    recovery = recovery_of(aws, place(), stack, skip)

    assert recovery is not None
    outcome = undone(aws, place(), start(aws, place(), stack, recovery), Person())

    assert outcome.code is Exit.DONE, outcome
    asked = fake.asked("ContinueUpdateRollback")[0]
    assert asked["ResourcesToSkip"] == [inner_name(fake), "Topic"]


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED"])
def test_a_nested_stack_that_is_deleted_can_be_left_out_itself(fake: FakeAws, status: str) -> None:
    """Source: API reference, ContinueUpdateRollback, ResourcesToSkip."""
    fake.stack(fake.stack(STACK).resources["Nested"].physical_id).force_status(status)
    found = skippable(fake.aws(), stack_of(fake).stack_id)

    assert [(one.name, one.path) for one in found] == [("Nested", "Nested"), ("Topic", "Topic")]


@pytest.mark.parametrize("spelling", ["path", "name"])
def test_what_was_left_out_is_verified_by_neither_of_its_names(
    fake: FakeAws, spelling: str
) -> None:
    skip = ["Nested.Inner" if spelling == "path" else inner_name(fake)]
    stack = stack_of(fake)
    recovery = recovery_of(fake.aws(), place(), stack, skip)

    assert recovery is not None
    assert [(one.name, one.path) for one in recovery.skipped] == [
        (inner_name(fake), "Nested.Inner")
    ]
    assert recovery.lines(stack)[-1].endswith("other than the stack says: Nested.Inner")


def test_a_name_that_cannot_be_left_out_is_refused_with_those_that_can(fake: FakeAws) -> None:
    with pytest.raises(DeployError, match=r"can be left out: hoge-prod-Nested-\w+\.Inner, Topic"):
        recovery_of(fake.aws(), place(), stack_of(fake), ["Nested"])
