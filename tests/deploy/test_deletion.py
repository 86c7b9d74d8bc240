"""A deletion tells all that speaks against it, and what stays, before it begins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.deletion import Leave, deletion_of, start
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.undoing import undone
from tests.deploy.stage import STACK, TEMPLATE, Person, deploy, deployed, place, prepared
from tests.fake_aws import FakeAws, denied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.ending import Outcome

NOTHING = Leave()


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        yield found


def stack_of(fake: FakeAws) -> Stack:
    found = read_stack(fake.aws(), STACK)
    assert found is not None
    return found


def changed(**resources: Any) -> dict[str, Any]:
    """The template with some attributes of its resources changed."""
    found = {name: {**TEMPLATE["Resources"][name], **more} for name, more in resources.items()}
    return {**TEMPLATE, "Resources": {**TEMPLATE["Resources"], **found}}


def delete(fake: FakeAws, leave: Leave = NOTHING) -> Outcome:
    aws, stack = fake.aws(), stack_of(fake)
    deletion = deletion_of(aws, place(), stack, leave)
    assert deletion.obstacles == ()
    return undone(aws, place(), start(aws, place(), stack, deletion), Person())


def test_a_stack_is_deleted_and_its_end_is_seen(fake: FakeAws) -> None:
    deployed(fake)

    outcome = delete(fake)

    assert (outcome.code, outcome.sentence) == (Exit.DONE, f"{STACK} is deleted")
    assert read_stack(fake.aws(), STACK) is None


def test_what_the_template_keeps_is_listed_as_kept(fake: FakeAws) -> None:
    deploy(fake, prepared(template=changed(Queue={"DeletionPolicy": "Retain"})))

    found = deletion_of(fake.aws(), place(), stack_of(fake))

    assert [one.logical_id for one in found.kept] == ["Queue"]
    assert [one.logical_id for one in found.deleted] == ["Topic"]


def test_what_a_nested_stack_keeps_is_told_before_and_after(fake: FakeAws) -> None:
    inner = {"Resources": {"Inner": {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain"}}}
    fake.world.s3.bucket("t").objects["inner"] = json.dumps(inner).encode()
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://t.s3.amazonaws.com/inner"},
    }
    fake.deployed(STACK, {"Resources": {"Nested": nested}})
    stack = stack_of(fake)
    told = deletion_of(fake.aws(), place(), stack).lines(stack)

    assert told[-1] == "  of the nested stack Nested, what its own template retains stays"
    [left] = delete(fake).left_behind
    assert left.startswith("Nested.Inner (AWS::SNS::Topic) arn:aws:sns:")


def test_termination_protection_is_never_switched_off(fake: FakeAws) -> None:
    """Row 80."""
    deployed(fake)
    client = fake.aws().client("cloudformation")
    client.update_termination_protection(StackName=STACK, EnableTerminationProtection=True)

    [obstacle] = deletion_of(fake.aws(), place(), stack_of(fake)).obstacles

    assert obstacle.startswith("termination protection is on")


def test_who_imports_an_output_is_named(fake: FakeAws) -> None:
    """Row 81."""
    exported = {**TEMPLATE, "Outputs": {"T": {"Value": "t", "Export": {"Name": "hoge-topic"}}}}
    deploy(fake, prepared(template=exported))
    importing = {
        "Resources": {
            "Queue": {
                "Type": "AWS::SQS::Queue",
                "Properties": {"QueueName": {"Fn::ImportValue": "hoge-topic"}},
            }
        }
    }
    fake.deployed("fuga-prod", importing, {})

    [obstacle] = deletion_of(fake.aws(), place(), stack_of(fake)).obstacles

    assert obstacle == "its export hoge-topic is used by fuga-prod"


@pytest.mark.parametrize(
    ("value", "way"),
    [
        (
            {"Ref": "FrontProtection"},
            "deploy it without first: ecs-blocks deploy hoge --env prod --set "
            "FrontProtection=false",
        ),
        (
            "true",
            "turn that off in stack.py, and deploy it first: ecs-blocks deploy hoge --env prod",
        ),
    ],
)
def test_a_protected_balancer_comes_with_the_command_that_opens_it(
    fake: FakeAws, value: Any, way: str
) -> None:
    kind = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    attribute = {"Key": "deletion_protection.enabled", "Value": value}
    front = {"Type": kind, "Properties": {"LoadBalancerAttributes": [attribute]}}
    made = {
        "Parameters": {"FrontProtection": {"Type": "String"}},
        "Resources": {"Front": front},
    }
    fake.deployed(STACK, made, {"FrontProtection": "true"})
    arn = fake.stack(STACK).resources["Front"].physical_id
    fake.world.elb.attributes[arn] = {"deletion_protection.enabled": "true"}

    [obstacle] = deletion_of(fake.aws(), place(), stack_of(fake)).obstacles

    assert obstacle == f"Front is protected from deletion; {way}"


@pytest.mark.slow
def test_what_may_not_be_asked_is_said(fake: FakeAws) -> None:
    deployed(fake)
    fake.fault("ListExports", denied, times=None)

    found = deletion_of(fake.aws(), place(), stack_of(fake))

    assert found.obstacles == ()
    assert "not authorized" in found.unknown[0]


@pytest.mark.slow
def test_what_blocks_a_deletion_is_named_and_can_be_left(fake: FakeAws) -> None:
    """Row 82."""
    deployed(fake)
    fake.script.resource_fails("Queue", "the queue is in use", on="DELETE", times=1)

    first = delete(fake)
    second = delete(fake, Leave(("Queue",)))

    assert first.code is Exit.NEEDS_A_PERSON
    assert first.causes == ("Queue: DELETE_FAILED: the queue is in use",)
    assert "--retain Queue" in first.hint
    assert second.code is Exit.DONE
    assert fake.asked("DeleteStack")[-1]["RetainResources"] == ["Queue"]


def test_only_what_could_not_be_deleted_can_be_left(fake: FakeAws) -> None:
    deployed(fake)

    with pytest.raises(DeployError, match="leaves only what it failed to delete: nothing yet"):
        deletion_of(fake.aws(), place(), stack_of(fake), Leave(("Queue",)))
