"""Deploys to MiniStack: a CloudFormation that others wrote, with a mind of its own."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.attaching import attach
from ecs_blocks.deploy.cloudformation.stack import Stack, read_stack
from ecs_blocks.deploy.condition import condition_of
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.local.clients import LocalAws
from ecs_blocks.deploy.local.process import Local
from ecs_blocks.deploy.recovery import cancel
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.deploy.undoing import undone
from ecs_blocks.deploy.watch import Patience
from tests.deploy.imitations.hasty import (
    FAILING,
    HELD,
    TAKEN,
    WAITS,
    HastyClock,
    deploy,
    new_account,
)
from tests.deploy.stage import STACK, Person, place
from tests.fake_aws.ids import REGION
from tests.ministack.server import MiniStack, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.ministack, pytest.mark.slow]


@pytest.fixture(scope="module")
def server() -> Iterator[MiniStack]:
    with running() as server:
        yield server


@pytest.fixture
def process(server: MiniStack) -> Callable[[], LocalAws]:
    """Makes one process after the other, all in an account in which nothing is."""
    account = new_account()
    local = Local(server.port, 0, "")
    return lambda: LocalAws(local, account, REGION, clock=HastyClock())


@pytest.fixture
def aws(process: Callable[[], LocalAws]) -> LocalAws:
    return process()


def stack_of(aws: LocalAws) -> Stack:
    found = read_stack(aws, STACK)

    assert found is not None
    return found


def topic(aws: LocalAws) -> str:
    """What the stack's topic shows: the value of the last deploy that stayed."""
    client = aws.client("sns")
    [arn] = [one["TopicArn"] for one in client.list_topics()["Topics"]]
    return str(client.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"])


def signal(server: MiniStack, aws: LocalAws, status: str = "SUCCESS") -> None:
    """Let the wait condition be over, as whoever runs in an instance would."""
    [handle] = [
        one["PhysicalResourceId"]
        for one in aws.client("cloudformation").describe_stack_resources(StackName=STACK)[
            "StackResources"
        ]
        if one["LogicalResourceId"] == "Handle"
    ]
    body = json.dumps({"Status": status, "Reason": "r", "UniqueId": "1", "Data": "d"})
    path = "/" + handle.split("/", 3)[3]
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)) as connection:
        connection.request("PUT", path, body)

        assert connection.getresponse().status == http.client.OK


def test_create_update_and_nothing_to_do(aws: LocalAws) -> None:
    ends = [deploy(aws, name) for name in ("one", "two", "two")]

    assert [one.code for one in ends] == [Exit.DONE] * 3
    assert [one.plan and one.plan.kind for one in ends] == ["CREATE", "UPDATE", "NOTHING"]
    assert (stack_of(aws).status, topic(aws)) == ("UPDATE_COMPLETE", "two")
    listed = aws.client("cloudformation").list_change_sets(StackName=STACK)["Summaries"]
    assert [one for one in listed if one["ExecutionStatus"] == "AVAILABLE"] == []


def test_who_declines_leaves_nothing_behind(aws: LocalAws) -> None:
    outcome = deploy(aws, person=Person(agrees=False))

    assert outcome.code is Exit.NEEDS_APPROVAL
    assert read_stack(aws, STACK) is None


def test_an_update_that_fails_is_rolled_back_and_explained(aws: LocalAws) -> None:
    deploy(aws, "one")
    aws.client("ssm").put_parameter(Name=TAKEN, Value="theirs", Type="String")
    outcome = deploy(aws, "two", FAILING)

    assert outcome.code is Exit.ROLLED_BACK
    assert outcome.causes[0].startswith("Setting: ")
    assert "ParameterAlreadyExists" in outcome.causes[0]
    assert (stack_of(aws).status, topic(aws)) == ("UPDATE_ROLLBACK_COMPLETE", "one")


def test_a_creation_that_fails_leaves_a_stack_that_the_next_deploy_replaces(aws: LocalAws) -> None:
    ssm = aws.client("ssm")
    ssm.put_parameter(Name=TAKEN, Value="theirs", Type="String")
    first = deploy(aws, "one", FAILING)
    status = stack_of(aws).status
    ssm.delete_parameter(Name=TAKEN)
    second = deploy(aws, "one", FAILING)

    assert (first.code, status) == (Exit.ROLLED_BACK, "ROLLBACK_COMPLETE")
    assert (second.code, stack_of(aws).status) == (Exit.DONE, "CREATE_COMPLETE")


def test_the_same_command_attaches_to_what_is_held(
    server: MiniStack, process: Callable[[], LocalAws]
) -> None:
    """The first process has gone; the second sees the operation to its end, and starts none."""
    aws, person = process(), Person()
    left = deploy(aws, "one", HELD, waits=Waits(patience=Patience(timeout_s=4)))
    status = stack_of(aws).status
    later = threading.Timer(0.5, signal, (server, aws))
    later.start()
    again = deploy(process(), "one", HELD, person)
    later.join()

    assert (left.code, status) == (Exit.STILL_RUNNING, "CREATE_IN_PROGRESS")
    assert again.code is Exit.DONE, again
    assert f"{STACK}: this deploy is running already; watching it" in person.said
    assert person.plans == []
    assert again.token == left.token


def test_another_deploy_waits_for_what_is_held_and_then_goes_on(
    server: MiniStack, process: Callable[[], LocalAws]
) -> None:
    aws, person = process(), Person()
    deploy(aws, "one", HELD, waits=Waits(patience=Patience(timeout_s=4)))
    later = threading.Timer(0.5, signal, (server, aws))
    later.start()
    outcome = deploy(process(), "two", HELD, person)
    later.join()

    assert outcome.code is Exit.DONE, outcome
    assert any("another operation runs" in text for text in person.said)
    assert topic(aws) == "two"


def test_a_wait_that_fails_is_the_cause(server: MiniStack, process: Callable[[], LocalAws]) -> None:
    aws = process()
    deploy(aws, "one", HELD, waits=Waits(patience=Patience(timeout_s=4)))
    signal(server, aws, "FAILURE")
    outcome = attach(process(), place(), stack_of(aws), Person(), WAITS.patience)

    assert outcome.code is Exit.ROLLED_BACK
    assert outcome.causes[0].startswith("Wait: CREATE_FAILED")


def test_an_update_that_is_held_can_be_cancelled(process: Callable[[], LocalAws]) -> None:
    aws, person = process(), Person()
    deploy(aws, "one")
    deploy(aws, "two", HELD, waits=Waits(patience=Patience(timeout_s=4)))
    outcome = undone(aws, place(), cancel(aws, place(), stack_of(aws)), person)

    assert outcome.code is Exit.DONE, outcome
    assert (stack_of(aws).status, topic(aws)) == ("UPDATE_ROLLBACK_COMPLETE", "one")


def test_protection_is_seen(aws: LocalAws) -> None:
    deploy(aws, "one")
    aws.client("cloudformation").update_termination_protection(
        StackName=STACK, EnableTerminationProtection=True
    )
    client: Any = aws.client("cloudformation")

    assert stack_of(aws).protected
    assert deploy(aws, "two").code is Exit.DONE
    assert stack_of(aws).protected
    with pytest.raises(client.exceptions.ClientError, match="TerminationProtection"):
        client.delete_stack(StackName=STACK)


def test_what_drifted_is_mended_by_nobody_but_the_next_change(aws: LocalAws) -> None:
    """A deploy of the same is none; one that changes the property puts it right."""
    deploy(aws, "one")
    sns = aws.client("sns")
    [arn] = [one["TopicArn"] for one in sns.list_topics()["Topics"]]
    sns.set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="by hand")
    same = deploy(aws, "one")
    drifted = topic(aws)
    deploy(aws, "two")

    assert (same.plan and same.plan.kind, drifted, topic(aws)) == ("NOTHING", "by hand", "two")


def test_a_stack_that_took_over_what_was_there_is_updated_like_any_other(aws: LocalAws) -> None:
    client, sns = aws.client("cloudformation"), aws.client("sns")
    arn = sns.create_topic(Name="theirs")["TopicArn"]
    resource = {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain"}
    own = {"TopicName": "theirs"}
    body = {"Resources": {"Topic": {**resource, "Properties": own}}}
    made = client.create_change_set(
        StackName=STACK,
        ChangeSetName="import",
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps(body),
        ResourcesToImport=[
            {
                "ResourceType": "AWS::SNS::Topic",
                "LogicalResourceId": "Topic",
                "ResourceIdentifier": {"TopicArn": arn},
            }
        ],
    )
    client.get_waiter("change_set_create_complete").wait(ChangeSetName=made["Id"])
    client.execute_change_set(ChangeSetName=made["Id"])
    client.get_waiter("stack_import_complete").wait(StackName=STACK)
    imported = condition_of(aws, place(), stack_of(aws))
    shown = {**own, "DisplayName": {"Ref": "Name"}}
    wanted = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {"Topic": {**resource, "Properties": shown}},
    }
    outcome = deploy(aws, "one", wanted)

    assert imported.stack.status == "IMPORT_COMPLETE"
    assert outcome.code is Exit.DONE, outcome
    assert topic(aws) == "one"
