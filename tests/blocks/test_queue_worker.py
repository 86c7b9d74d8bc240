"""A service that works on a queue of its own: what it may do, how many there are, what rings.

Trap 1: the least number of workers is the scalable target's.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.backlog_scaling import BACKLOG
from ecs_blocks.blocks.backlog_scaling import backlog as expression
from tests.blocks.helpers import (
    KEY,
    SUBNETS,
    TOKENS,
    TOPIC,
    VPC,
    fargate_task,
    new_stack,
)
from tests.blocks.standard import MADE_FROM, Standard

IDS = [
    "WebDeadLetterQueue",
    "WebDeadLetterQueuePolicy",
    "WebQueue",
    "WebQueuePolicy",
    "WebLogGroup",
    "WebExecutionRole",
    "WebTaskRole",
    "WebTaskDefinition",
    "WebSecurityGroup",
    "WebService",
    "WebScalableTarget",
    "WebBacklogScaling",
    "WebCpuAlarm",
    "WebMemoryAlarm",
    "WebRunningBelowDesiredAlarm",
    "WebMessageAgeAlarm",
    "WebDeadLettersAlarm",
]
KINDS = [
    pytest.param(eb.QueueWorkerEnvironment, id="on instances"),
    pytest.param(eb.FargateQueueWorkerEnvironment, id="on Fargate"),
]
_QUEUE = [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["WebQueue", "QueueName"]}}]


def made(kind: Any = eb.FargateQueueWorkerEnvironment, **changed: Any) -> Standard[Any, Any]:
    return Standard(kind, lambda env: eb.QueueWorker.standard(env, **changed))


@pytest.mark.parametrize("kind", KINDS)
def test_the_logical_ids_are_a_contract(kind: Any) -> None:
    assert made(kind).ids == IDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_of_the_environment_is_used(kind: Any) -> None:
    assert made(kind).unused == MADE_FROM


def test_what_it_tells_others() -> None:
    assert made().outputs == [
        "ServiceName",
        "QueueUrl",
        "QueueArn",
        "DeadLetterQueueArn",
        "SecurityGroupId",
        "TaskRoleArn",
        "LogGroupName",
    ]


def test_the_worker_knows_its_queue_and_may_work_on_it() -> None:
    policy = eb.send_messages("arn:aws:sqs:x", eb.SqsManagedKey())
    found = made(variables={"LEVEL": "info"}, task_policies=(policy,))
    [container] = found.properties("WebTaskDefinition")["ContainerDefinitions"]
    policies = found.properties("WebTaskRole")["Policies"]

    assert container["Environment"] == [
        {"Name": "QUEUE_URL", "Value": {"Ref": "WebQueue"}},
        {"Name": "LEVEL", "Value": "info"},
    ]
    assert [one["PolicyName"] for one in policies] == ["ReceiveMessages", "SendMessages"]
    assert policies[0]["PolicyDocument"]["Statement"][0]["Resource"] == [
        {"Fn::GetAtt": ["WebQueue", "Arn"]}
    ]


def test_the_queue_is_encrypted_with_the_environment_s_key() -> None:
    assert made().properties("WebQueue")["KmsMasterKeyId"] == {"Ref": "KeyArn"}


def test_services_of_aws_send_under_a_key_that_lets_them_in() -> None:
    found = made(senders=(eb.FromTopic(TOPIC),))

    assert found.properties("WebQueue")["SqsManagedSseEnabled"] is True
    assert found.ids == [*IDS[:4], "WebQueueSubscription1", *IDS[4:]]


def test_trap_1_how_many_workers_there_are_at_least_is_a_value_and_may_be_none() -> None:
    found = made().properties("WebScalableTarget")

    assert (found["MinCapacity"], found["MaxCapacity"]) == (
        {"Ref": "ServiceDesiredCount"},
        {"Ref": "ServiceMaxCount"},
    )


def metric(id_: str, namespace: str, name: str, dimensions: object) -> dict[str, Any]:
    return {
        "Id": id_,
        "MetricStat": {
            "Metric": {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions},
            "Stat": "Average",
        },
        "ReturnData": False,
    }


def test_workers_are_as_many_as_the_messages_that_wait_for_each_ask_for() -> None:
    found = made().properties("WebBacklogScaling")
    service = [
        {"Name": "ClusterName", "Value": {"Ref": "ClusterName"}},
        {"Name": "ServiceName", "Value": {"Fn::GetAtt": ["WebService", "Name"]}},
    ]

    assert found["TargetTrackingScalingPolicyConfiguration"] == {
        "TargetValue": {"Ref": "ScalingMessagesPerTask"},
        "ScaleOutCooldown": 60,
        "ScaleInCooldown": 300,
        "CustomizedMetricSpecification": {
            "Metrics": [
                metric("visible", "AWS/SQS", "ApproximateNumberOfMessagesVisible", _QUEUE),
                metric("working", "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", _QUEUE),
                metric("running", "ECS/ContainerInsights", "RunningTaskCount", service),
                metric("desired", "ECS/ContainerInsights", "DesiredTaskCount", service),
                {
                    "Id": "backlog",
                    "Expression": {"Fn::Sub": BACKLOG + "${ScalingMessagesPerTask}, 0))"},
                    "Label": "messages that wait for each worker",
                    "ReturnData": True,
                },
            ]
        },
    }


def backlog(visible: int, working: int | None, running: int | None, desired: int | None) -> float:
    """What CloudWatch makes of the expression, of 20 for each worker; None is no data."""

    def fill(value: int | None, other: int) -> int:
        return other if value is None else value

    names = {
        "FILL": fill,
        "IF": lambda condition, yes, no: yes if condition else no,
        "visible": visible,
        "working": working,
        "running": running,
        "desired": desired,
    }
    result: float = eval(str(expression(20)), {"__builtins__": {}}, names)
    return result


ROWS = [
    pytest.param(200, 0, 4, 4, 50, id="200 for 4"),
    pytest.param(1, 0, 0, 0, 21, id="from zero: above the target, so that one message is enough"),
    pytest.param(7, None, None, None, 27, id="from zero, before there is any data of tasks"),
    pytest.param(7, 0, 0, 1, 7, id="a first worker is on its way: no second one for that"),
    pytest.param(0, 0, 0, 0, 0, id="nothing waits, nothing runs"),
    pytest.param(0, 0, 3, 3, 0, id="to zero, once nothing is left"),
    pytest.param(0, 2, 1, 1, 1, id="not to zero while something is being worked on"),
]


@pytest.mark.parametrize(("visible", "working", "running", "desired", "expected"), ROWS)
def test_the_backlog_has_a_value_whatever_runs(
    visible: int, working: int | None, running: int | None, desired: int | None, expected: float
) -> None:
    assert backlog(visible, working, running, desired) == expected


def test_what_waits_too_long_rings() -> None:
    found = made().properties("WebMessageAgeAlarm")

    assert (found["Namespace"], found["MetricName"], found["Statistic"], found["Dimensions"]) == (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        "Maximum",
        _QUEUE,
    )
    assert found["Threshold"] == {"Ref": "AlarmMessageAgeSeconds"}
    assert found["TreatMissingData"] == "notBreaching"


def test_the_first_message_that_was_given_up_rings() -> None:
    found = made().properties("WebDeadLettersAlarm")

    assert found["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert found["Dimensions"][0]["Value"] == {"Fn::GetAtt": ["WebDeadLetterQueue", "QueueName"]}
    assert (found["Threshold"], found["EvaluationPeriods"]) == (0, 1)


def age_alarm(scaling: eb.BacklogTargets) -> dict[str, Any]:
    """The properties of the alarm of the oldest message."""
    stack = new_stack()
    handle = stack.add("Web", worker(scaling=scaling))
    [alarm] = [one for one in handle.alarms if one.title == "WebMessageAgeAlarm"]
    found: dict[str, Any] = alarm.to_dict()["Properties"]
    return found


@pytest.mark.parametrize("most", [0, TOKENS.number], ids=["off", "a token"])
def test_a_message_that_waits_while_the_clock_has_stopped_the_workers_does_not_ring(
    most: Any,
) -> None:
    night = eb.ScheduledCount(
        name="Night", schedule="cron(0 20 * * ? *)", min_count=0, max_count=most
    )
    found = age_alarm(eb.BacklogTargets(min_count=1, max_count=2, schedule=(night,)))
    age, desired, result = found["Metrics"]

    assert result["Expression"] == "IF(FILL(desired, 0) > 0, FILL(age, 0), 0)"
    assert age["MetricStat"]["Metric"]["MetricName"] == "ApproximateAgeOfOldestMessage"
    assert desired["MetricStat"]["Metric"]["MetricName"] == "DesiredTaskCount"
    assert (found["Threshold"], found["EvaluationPeriods"]) == (900, 5)


@pytest.mark.parametrize("most", [None, 1], ids=["no schedule", "fewer at night"])
def test_a_message_rings_at_all_hours_where_no_clock_stops_the_workers(most: int | None) -> None:
    fewer = eb.ScheduledCount(
        name="Night", schedule="cron(0 20 * * ? *)", min_count=0, max_count=most or 0
    )
    schedule = () if most is None else (fewer,)
    found = age_alarm(eb.BacklogTargets(min_count=1, max_count=2, schedule=schedule))

    assert found["MetricName"] == "ApproximateAgeOfOldestMessage"


def worker(**changed: Any) -> eb.QueueWorker:
    arguments: dict[str, Any] = {
        "cluster_name": "main",
        "queue": eb.Queue(encryption=eb.KmsKey(KEY)),
        "task": fargate_task(port=None),
        "network": eb.TaskNetwork(vpc_id=VPC, subnet_ids=SUBNETS),
        "scaling": eb.BacklogTargets(min_count=0, max_count=10),
        "notify": eb.Notify(topic_arn=TOPIC),
    }
    return eb.QueueWorker(**arguments | changed)


def test_a_worker_can_be_described_without_an_environment() -> None:
    stack = new_stack()

    handle = stack.add("Web", worker(url_variable="ORDERS"))

    assert handle.group.name == "the tasks"
    assert handle.task.container.Environment[0].Name == "ORDERS"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda: worker(task=fargate_task(variables={"QUEUE_URL": "x"})),
            "the variable QUEUE_URL is the queue's; name another with url_variable",
            id="the variable is taken",
        ),
        pytest.param(
            lambda: eb.BacklogTargets(min_count=2, max_count=1),
            "at least 2 tasks are more than at most 1",
            id="bounds",
        ),
        pytest.param(
            lambda: eb.BacklogTargets(min_count=0, max_count=1, messages_per_task=0),
            "messages_per_task is 0; allowed: 1 and more",
            id="nothing to aim for",
        ),
    ],
)
def test_workers_that_cannot_be(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message


def test_other_bounds_at_certain_times() -> None:
    night = eb.ScheduledCount(
        name="Night", schedule=TOKENS.word, min_count=0, max_count=TOKENS.number
    )
    scaling = eb.BacklogTargets(min_count=1, max_count=2, schedule=(night,))
    stack = new_stack()

    handle = stack.add("Web", worker(scaling=scaling))

    [action] = handle.scaling.target.ScheduledActions
    assert action.ScheduledActionName == "Night"
