"""What EventBridge Scheduler, Step Functions and SQS say of the golden variants that use them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.ministack.created import REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ministack.created import Account

    Variant = Callable[[str], Account]

pytestmark = pytest.mark.ministack


def schedule_of(account: Account, app: str) -> Any:
    """The only schedule of an app's group."""
    group = {"GroupName": account.id_of(app, "AWS::Scheduler::ScheduleGroup")}
    [found] = account.ask("scheduler", "list_schedules", **group)["Schedules"]
    return account.ask("scheduler", "get_schedule", Name=found["Name"], **group)


def queue_attributes(account: Account, url: str) -> Any:
    asked = {"QueueUrl": url, "AttributeNames": ["All"]}
    return account.ask("sqs", "get_queue_attributes", **asked)["Attributes"]


def test_schedule_starts_the_state_machine_and_keeps_what_aws_refused(variant: Variant) -> None:
    nightly = variant("nightly")
    schedule = schedule_of(nightly, "nightly")
    queue = queue_attributes(nightly, nightly.id_of("nightly", "AWS::SQS::Queue"))
    target = schedule["Target"]

    assert (schedule["ScheduleExpression"], schedule["State"]) == ("cron(0 3 * * ? *)", "ENABLED")
    assert target["Arn"] == nightly.id_of("nightly", "AWS::StepFunctions::StateMachine")
    assert target["DeadLetterConfig"] == {"Arn": queue["QueueArn"]}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10}
    assert target["RoleArn"].startswith("arn:aws:iam::123456789012:role/nightly-prod-")


def test_state_machine_runs_the_last_task_definition(variant: Variant) -> None:
    nightly = variant("nightly")
    machine = nightly.ask(
        "stepfunctions",
        "describe_state_machine",
        stateMachineArn=nightly.id_of("nightly", "AWS::StepFunctions::StateMachine"),
    )
    run = json.loads(machine["definition"])["States"]["Run"]
    task = nightly.id_of("nightly", "AWS::ECS::TaskDefinition")

    assert run["Resource"] == "arn:aws:states:::ecs:runTask.sync"
    assert run["Parameters"]["TaskDefinition"] == task
    assert run["Retry"][0]["MaxAttempts"] == 2
    assert run["TimeoutSeconds"] == 3600


def test_schedule_without_a_state_machine_starts_the_task_itself(variant: Variant) -> None:
    hourly = variant("hourly")
    schedule = schedule_of(hourly, "hourly")
    task = hourly.id_of("hourly", "AWS::ECS::TaskDefinition")

    assert schedule["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 10}
    assert schedule["Target"]["Arn"] == f"arn:aws:ecs:{REGION}:123456789012:cluster/default"
    assert schedule["Target"]["EcsParameters"]["TaskDefinitionArn"] == task


def test_queue_gives_up_into_its_dead_letter_queue(variant: Variant) -> None:
    consumer = variant("consumer")
    dead, queue = (
        queue_attributes(consumer, u) for u in consumer.ids("consumer", "AWS::SQS::Queue")
    )
    redrive = json.loads(queue["RedrivePolicy"])

    assert redrive["deadLetterTargetArn"] == dead["QueueArn"]
    assert int(redrive["maxReceiveCount"]) == 3
    assert (queue["VisibilityTimeout"], queue["ReceiveMessageWaitTimeSeconds"]) == ("300", "20")
    assert queue["SqsManagedSseEnabled"] == dead["SqsManagedSseEnabled"] == "true"


def test_what_a_topic_sends_arrives_in_the_queue(variant: Variant) -> None:
    consumer = variant("consumer")
    _, url = consumer.ids("consumer", "AWS::SQS::Queue")
    topic = consumer.id_of("consumer", "AWS::SNS::Subscription").rpartition(":")[0]
    consumer.ask("sns", "publish", TopicArn=topic, Message="an order")
    asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 5}
    found = consumer.ask("sqs", "receive_message", **asked)

    # The alarms of other stacks may have rung on the same topic.
    assert [one for one in found["Messages"] if "an order" in one["Body"]] != []
