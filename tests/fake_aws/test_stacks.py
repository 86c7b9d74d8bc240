"""Stacks keep CloudFormation's rules: states, refusals, events, readings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_aws import FakeAws
from tests.fake_aws.examples import NAME, client, made, parameters, refused, template, told
from tests.fake_aws.models import model

if TYPE_CHECKING:
    from collections.abc import Iterator

STATUSES = model("cloudformation").shape_for("StackStatus").enum


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        fake.deployed(NAME, template())
        yield fake


def days(number: int) -> dict[str, Any]:
    return {
        "StackName": NAME,
        "UsePreviousTemplate": True,
        "Parameters": parameters(Days=str(number)),
        "Capabilities": ["CAPABILITY_IAM"],
    }


@pytest.mark.parametrize(
    ("operation", "arguments", "answer"),
    [
        ("describe_stacks", {}, "ValidationError: Stack with id fuga does not exist"),
        ("describe_stack_events", {}, "ValidationError: Stack [fuga] does not exist"),
        ("list_stack_resources", {}, "ValidationError: Stack with id fuga does not exist"),
        ("get_template", {}, "ValidationError: Stack with id fuga does not exist"),
        ("list_change_sets", {}, "ValidationError: Stack [fuga] does not exist"),
        (
            "describe_change_set",
            {"ChangeSetName": "a"},
            "ValidationError: Stack [fuga] does not exist",
        ),
        ("delete_stack", {}, "done"),
    ],
)
def test_a_stack_that_is_not_there_is_named(
    fake: FakeAws, operation: str, arguments: dict[str, Any], answer: str
) -> None:
    assert refused(getattr(client(fake), operation), StackName="fuga", **arguments) == answer


@pytest.mark.slow
@pytest.mark.parametrize(
    "status",
    sorted(
        set(STATUSES)
        - {
            *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_FAILED"),
            *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "UPDATE_FAILED", "DELETE_COMPLETE"),
        }
    ),
)
def test_a_stack_in_most_states_cannot_be_updated(fake: FakeAws, status: str) -> None:
    stack = fake.stack(NAME)
    stack.force_status(status)
    answer = f"ValidationError: Stack:{stack.id} is in {status} state and can not be updated."

    assert client(fake).describe_stacks(StackName=NAME)["Stacks"][0]["StackStatus"] == status
    assert refused(client(fake).update_stack, **days(1)) == answer
    assert (
        refused(
            client(fake).create_change_set, **days(1), ChangeSetName="a", ChangeSetType="UPDATE"
        )
        == answer
    )


def test_there_are_23_statuses() -> None:
    assert len(STATUSES) == 23


def test_an_update_that_changes_nothing_is_refused(fake: FakeAws) -> None:
    found = refused(client(fake).update_stack, **days(7))

    assert found == "ValidationError: No updates are to be performed."


def test_another_update_has_to_wait(fake: FakeAws) -> None:
    client(fake).update_stack(**days(1))
    change_set = refused(client(fake).create_change_set, **days(2), ChangeSetName="a")

    assert change_set.endswith("is in UPDATE_IN_PROGRESS state and can not be updated.")


def test_events_tell_an_update_from_first_to_last(fake: FakeAws) -> None:
    before = len(fake.stack(NAME).events)
    client(fake).update_stack(**days(1), ClientRequestToken="x1")
    fake.clock.sleep(60)
    events = client(fake).describe_stack_events(StackName=NAME)["StackEvents"]
    ours = [one for one in events if one.get("ClientRequestToken") == "x1"]

    assert told(fake)[before:] == [
        "hoge-prod UPDATE_IN_PROGRESS",
        "Group UPDATE_IN_PROGRESS",
        "Group UPDATE_COMPLETE",
        "hoge-prod UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "hoge-prod UPDATE_COMPLETE",
    ]
    assert len(ours) == 5
    assert len({one["EventId"] for one in events}) == len(events)
    assert ours[0]["Timestamp"] > ours[-1]["Timestamp"]


def test_the_first_event_of_a_new_resource_has_no_physical_id(fake: FakeAws) -> None:
    ours = [one for one in fake.stack(NAME).events if one.logical_id == "Topic"]

    assert [bool(one.physical_id) for one in ours] == [False, True, True]


def test_an_operation_has_an_id_and_its_events(fake: FakeAws) -> None:
    aws = client(fake)
    operation = aws.update_stack(**days(1))["OperationId"]
    fake.clock.sleep(60)
    last = aws.describe_stacks(StackName=NAME)["Stacks"][0]["LastOperations"][0]
    events = aws.describe_events(OperationId=operation)["OperationEvents"]

    assert last == {"OperationType": "UPDATE_STACK", "OperationId": operation}
    assert {one["OperationStatus"] for one in events} == {"SUCCEEDED"}
    assert [one["EventType"] for one in events].count("PROGRESS_EVENT") == 2


def test_events_come_in_pages_newest_first(fake: FakeAws) -> None:
    fake.cloudformation.page_size = 4
    pages = client(fake).get_paginator("describe_stack_events").paginate(StackName=NAME)
    found = [one["EventId"] for page in pages for one in page["StackEvents"]]

    assert found == [one.event_id for one in reversed(fake.stack(NAME).events)]


def test_omitted_tags_stay_and_empty_ones_go(fake: FakeAws) -> None:
    aws = client(fake)
    aws.update_stack(**days(1), Tags=[{"Key": "a", "Value": "b"}])
    fake.clock.sleep(60)
    aws.update_stack(**days(2))
    fake.clock.sleep(60)
    kept = aws.describe_stacks(StackName=NAME)["Stacks"][0]["Tags"]
    aws.update_stack(**days(2), Tags=[])
    fake.clock.sleep(60)

    assert kept == [{"Key": "a", "Value": "b"}]
    assert aws.describe_stacks(StackName=NAME)["Stacks"][0]["Tags"] == []


def test_a_secret_parameter_is_shown_as_stars(fake: FakeAws) -> None:
    aws = client(fake)
    aws.update_stack(**days(1) | {"Parameters": parameters(Days="1", Secret="hunter2")})
    shown = aws.describe_stacks(StackName=NAME)["Stacks"][0]["Parameters"]

    assert {one["ParameterKey"]: one["ParameterValue"] for one in shown} == {
        "Days": "1",
        "Secret": "****",
    }


def test_what_is_not_ascii_comes_back_as_question_marks(fake: FakeAws) -> None:
    fake.deployed("fuga", template(Description="会計", Outputs={}).replace("\\u4f1a", "会"))
    found = client(fake).get_template(StackName="fuga")["TemplateBody"]

    assert "?" in json.dumps(found)


def test_termination_protection_keeps_a_stack(fake: FakeAws) -> None:
    aws = client(fake)
    aws.update_termination_protection(StackName=NAME, EnableTerminationProtection=True)

    assert refused(aws.delete_stack, StackName=NAME) == (
        "ValidationError: Stack [hoge-prod] cannot be deleted while TerminationProtection is "
        "enabled"
    )


def test_a_deleted_stack_is_found_by_its_arn_only(fake: FakeAws) -> None:
    stack_id = fake.stack(NAME).id
    aws = client(fake)
    aws.delete_stack(StackName=NAME)
    fake.clock.sleep(120)
    by_arn = aws.describe_stacks(StackName=stack_id)["Stacks"][0]

    assert by_arn["StackStatus"] == "DELETE_COMPLETE"
    assert refused(aws.describe_stacks, StackName=NAME) == (
        "ValidationError: Stack with id hoge-prod does not exist"
    )


def test_an_export_in_use_keeps_a_stack(fake: FakeAws) -> None:
    user = {
        "A": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"DisplayName": {"Fn::ImportValue": "topic"}},
        }
    }
    fake.deployed("user", json.dumps({"Resources": user}))
    aws = client(fake)
    aws.delete_stack(StackName=NAME)
    fake.clock.sleep(60)

    assert aws.list_imports(ExportName="topic")["Imports"] == ["user"]
    assert (fake.stack(NAME).status, fake.stack(NAME).reason) == (
        "DELETE_FAILED",
        "Export topic cannot be deleted as it is in use by user",
    )


def test_a_name_that_is_taken_fails_a_creation(fake: FakeAws) -> None:
    named = {"A": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/ecs/hoge"}}}
    fake.deployed("one", json.dumps({"Resources": named}))
    client(fake).create_stack(StackName="two", TemplateBody=json.dumps({"Resources": named}))
    fake.clock.sleep(60)

    assert fake.stack("two").status == "ROLLBACK_COMPLETE"


def test_a_stack_policy_stops_an_update(fake: FakeAws) -> None:
    aws = client(fake)
    deny = {"Effect": "Deny", "Action": "Update:*", "Resource": "LogicalResourceId/Group"}
    allow = {"Effect": "Allow", "Action": "Update:*", "Resource": "*"}
    aws.set_stack_policy(StackName=NAME, StackPolicyBody=json.dumps({"Statement": [allow, deny]}))
    aws.update_stack(**days(1))
    fake.clock.sleep(60)
    reasons = [one.reason for one in fake.stack(NAME).events if one.is_failure]

    assert reasons == [
        "Action denied by stack policy: Statement [#2] does not allow [Update:Modify] for resource "
        "[LogicalResourceId/Group]"
    ]


def test_change_sets_of_a_new_stack_leave_it_in_review(fake: FakeAws) -> None:
    aws = client(fake)
    change_set = made(fake, StackName="fuga", ChangeSetType="CREATE")
    aws.delete_change_set(ChangeSetName=change_set)

    assert fake.stack("fuga").status == "REVIEW_IN_PROGRESS"

    aws.delete_stack(StackName="fuga")
    fake.clock.sleep(5)

    assert refused(aws.describe_stacks, StackName="fuga").startswith("ValidationError")
