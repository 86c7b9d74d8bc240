"""Nested stacks: their failures are theirs, and reach the stack above."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.fake_aws import FakeAws
from tests.fake_aws.examples import BUCKETS, NAME, client

if TYPE_CHECKING:
    from collections.abc import Iterator


def nesting(key: str) -> str:
    properties = {"TemplateURL": f"https://t.s3.amazonaws.com/{key}"}
    child = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
    return json.dumps(
        {
            "Resources": {
                "Child": child,
                "Own": {"Type": "AWS::SNS::Topic", "DependsOn": "Child"},
            }
        }
    )


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        objects = fake.world.s3.bucket("t").objects
        objects["leaf"] = BUCKETS.encode()
        objects["middle"] = nesting("leaf").encode()
        yield fake


def create(fake: FakeAws) -> None:
    client(fake).create_stack(
        StackName=NAME, TemplateBody=nesting("middle"), Capabilities=["CAPABILITY_IAM"]
    )
    fake.clock.sleep(300)


def test_a_stack_makes_its_nested_stacks(fake: FakeAws) -> None:
    create(fake)

    assert [one.status for one in fake.cloudformation.stacks.all] == ["CREATE_COMPLETE"] * 3
    assert fake.cloudformation.stacks.all[1].parent_id == fake.stack(NAME).id


def test_a_failure_below_is_told_on_every_level(fake: FakeAws) -> None:
    fake.script.resource_fails("B", "out of luck")
    create(fake)
    leaf = fake.cloudformation.stacks.all[2]
    top = [one.reason for one in fake.stack(NAME).events if one.is_failure]

    assert fake.stack(NAME).status == "ROLLBACK_COMPLETE"
    assert next(one.reason for one in leaf.events if one.is_failure) == "out of luck"
    assert top[0].startswith(f"Embedded stack {fake.cloudformation.stacks.all[1].id} was not ")


def test_a_nested_change_set_fails_those_above(fake: FakeAws) -> None:
    fake.script.nested_change_set_fails("Child", "Template error: no")
    aws = client(fake)
    found = aws.create_change_set(
        StackName=NAME,
        ChangeSetName="a",
        ChangeSetType="CREATE",
        TemplateBody=nesting("middle"),
        Capabilities=["CAPABILITY_IAM"],
        IncludeNestedStacks=True,
    )
    fake.clock.sleep(5)
    parent = aws.describe_change_set(ChangeSetName=found["Id"])
    child_id = parent["StatusReason"].split()[3]
    child = aws.describe_change_set(ChangeSetName=child_id)

    assert parent["StatusReason"] == (
        f"Nested change set {child_id} was not successfully created: Currently in FAILED."
    )
    assert (child["Status"], child["StatusReason"]) == ("FAILED", "Template error: no")
