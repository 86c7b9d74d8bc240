"""What is told of an operation in which much happens: one cause, whose end, what is left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.deploying.stage import STACK, app

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

TWELVE = 'for n in range(12):\n    stack.add_resource(sns.Topic(f"T{n}", DisplayName=env.title))'
GONE = 'stack.add_resource(sns.Topic("Gone", DisplayName="x"))'
NESTED = """\
from troposphere import cloudformation
stack.add_resource(
    cloudformation.Stack(
        "Nested",
        TemplateURL="https://templates.s3.ap-northeast-1.amazonaws.com/outer.json",
        Parameters={"Name": env.title},
    )
)"""


def test_of_twelve_failures_the_one_that_is_no_consequence_is_told(stage: Stage) -> None:
    """Row 60."""
    app(stage.project, "hoge", more=TWELVE)
    stage.deployed()
    for n in range(12):
        stage.fake.script.resource_takes(f"T{n}", 30)
    stage.fake.script.resource_fails("T7", "the key is disabled", on="UPDATE")
    done = stage.deploy(title="two")
    events = stage.fake.stack(STACK).events
    cancelled = [one for one in events if one.status == "UPDATE_FAILED" and "cancel" in one.reason]

    assert done.code == 10
    assert len(cancelled) >= 11
    assert done.outcome[1:] == [
        "  because: T7: UPDATE_FAILED: the key is disabled",
        "  mend the cause and deploy again",
    ]


def nested_templates(stage: Stage) -> None:
    """A stack in a stack in a bucket."""
    bucket = stage.fake.world.s3.bucket("templates")
    name: dict[str, Any] = {"Parameters": {"Name": {"Type": "String"}}}
    url = "https://templates.s3.ap-northeast-1.amazonaws.com/inner.json"
    inner = {"TemplateURL": url, "Parameters": {"Name": {"Ref": "Name"}}}
    outer = {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": inner}}
    leaf = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Name"}}}
    bucket.objects["outer.json"] = json.dumps({**name, "Resources": outer}).encode()
    bucket.objects["inner.json"] = json.dumps({**name, "Resources": {"Leaf": leaf}}).encode()


def test_a_failure_in_a_nested_stack_is_told_with_the_way_to_it(stage: Stage) -> None:
    """Row 61."""
    nested_templates(stage)
    app(stage.project, "hoge", more=NESTED)
    stage.deployed()
    stage.fake.script.resource_fails("Leaf", "the key is disabled", on="UPDATE")
    done = stage.deploy(title="two")

    assert done.code == 10
    assert done.outcome[1:] == [
        "  because: Nested/Inner/Leaf: UPDATE_FAILED: the key is disabled",
        "  mend the cause and deploy again",
    ]


def test_what_cannot_be_cleaned_up_after_a_success_is_told_and_is_no_failure(stage: Stage) -> None:
    """Row 62."""
    app(stage.project, "hoge", more=GONE)
    stage.deployed()
    app(stage.project, "hoge")
    stage.fake.script.resource_fails("Gone", "it is in use", on="DELETE", times=None)
    done = stage.deploy()

    assert done.code == 0
    assert done.outcome == [
        f"OK: {STACK} is UPDATE_COMPLETE",
        "  left behind, and no stack knows it any more: Gone: DELETE_FAILED: it is in use",
    ]


def test_an_update_that_begins_right_after_ours_is_not_taken_for_it(stage: Stage) -> None:
    """Row 52: and its failure neither."""
    stage.deployed()

    def theirs() -> None:
        stage.fake.settle()
        stage.fake.script.resource_fails("Topic", "their mistake", on="UPDATE")
        stage.fake.updated_by_another(Title="theirs")

    stage.fake.after["ExecuteChangeSet"] = theirs
    done = stage.deploy(title="two")

    assert (done.code, done.outcome) == (0, [f"OK: {STACK} is UPDATE_COMPLETE"])
    assert stage.records[-1]["result"] == "done"


def test_a_creation_that_is_deleted_when_it_fails_is_told_with_its_cause(stage: Stage) -> None:
    """Row 55: the events are read by ARN; the name is nobody's by then."""
    stage.fake.script.resource_fails("Topic", "the key is disabled", after_s=1e5)
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "x"}}
    stage.fake.cloudformation.create_stack(
        {
            "StackName": STACK,
            "TemplateBody": json.dumps({"Resources": {"Topic": topic}}),
            "OnFailure": "DELETE",
            "ClientRequestToken": "Console-CreateStack-0a1b",
        }
    )
    stage.fake.after["GetTemplate"] = stage.fake.settle
    done = stage.within("attach", "hoge", "--env", "prod")

    assert done.code == 10
    assert done.outcome[:2] == [
        f"FAILED: {STACK} was deleted again (DELETE_COMPLETE); nothing serves: it was the first "
        "deploy",
        "  because: Topic: CREATE_FAILED: the key is disabled",
    ]
