"""What environment.yaml may say of workers, jobs and daemons, and what only values show.

Trap 13: a strategy without any weight; ECS refuses it.
Trap 19: a size that Fargate does not have.
Trap 20: a reservation above the hard limit.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.fields import MISSING, SameAs
from tests.blocks.helpers import REPOSITORY

TASK = {
    "AccountId": MISSING,
    "Region": MISSING,
    "AlarmTopicArn": MISSING,
    "KeyArn": MISSING,
    "ClusterName": MISSING,
    "ImageRepositoryUrl": MISSING,
    "ImageTag": "",
    "TaskCpu": 256,
    "TaskMaxMemory": MISSING,
    "LogRetentionDays": 30,
    "AlarmsEnabled": True,
}
VPC = {"VpcId": MISSING, "PrivateSubnetIds": MISSING}
COUNTED = (
    TASK
    | VPC
    | {
        "ServiceDesiredCount": 1,
        "ServiceMaxCount": SameAs("service_desired_count"),
        "ScalingSuspended": False,
        "AlarmCpuPercent": 85,
        "AlarmMemoryPercent": 85,
    }
)
BACKGROUND = COUNTED | {"ScalingCpuPercent": 70, "ScalingMemoryPercent": 80}
QUEUE = COUNTED | {
    "ScalingMessagesPerTask": 100,
    "QueueVisibilityTimeoutSeconds": 300,
    "QueueMaxReceives": 3,
    "AlarmMessageAgeSeconds": 900,
}
JOB = (
    TASK
    | VPC
    | {
        "ScheduleExpression": MISSING,
        "ScheduleTimeZone": "UTC",
        "ScheduleState": "ENABLED",
        "JobTimeoutSeconds": 3600,
        "JobRetries": 0,
        "AlarmMissedAfterHours": 26,
    }
)
EC2 = {"TaskMemory": MISSING}
FARGATE = {"FargateBase": 1, "FargateWeight": 1, "FargateSpotWeight": 0}

KINDS = [
    pytest.param(eb.BackgroundServiceEnvironment, BACKGROUND | EC2, id="a service on instances"),
    pytest.param(
        eb.FargateBackgroundServiceEnvironment, BACKGROUND | FARGATE, id="a service on Fargate"
    ),
    pytest.param(eb.QueueWorkerEnvironment, QUEUE | EC2, id="a worker on instances"),
    pytest.param(eb.FargateQueueWorkerEnvironment, QUEUE | FARGATE, id="a worker on Fargate"),
    pytest.param(eb.ScheduledJobEnvironment, JOB | EC2, id="a job on instances"),
    pytest.param(eb.FargateScheduledJobEnvironment, JOB | FARGATE, id="a job on Fargate"),
    pytest.param(
        eb.DaemonEnvironment,
        TASK | EC2 | {"AlarmCpuPercent": 85, "AlarmMemoryPercent": 85},
        id="a daemon",
    ),
]


@pytest.mark.parametrize(("kind", "keys"), KINDS)
def test_the_keys_and_their_defaults_are_a_contract(
    kind: type[eb.Environment], keys: dict[str, Any]
) -> None:
    found = {field.key: field.spec.default for field in fields_of(kind).values() if field.settable}

    assert found == keys


@pytest.mark.parametrize(("kind", "_keys"), KINDS)
def test_what_differs_between_environments_is_a_parameter(
    kind: type[eb.Environment], _keys: object
) -> None:
    assert [field.key for field in fields_of(kind).values() if field.is_shape] == []


ANYWHERE: dict[str, Any] = {"image_repository_url": REPOSITORY, "image_tag": "1.2.3"}
COUNTS = ANYWHERE | {"service_desired_count": 1, "service_max_count": 1}
ON_INSTANCES = {"task_memory": 512, "task_max_memory": 990}
ON_FARGATE = {
    "task_cpu": 256,
    "task_max_memory": 512,
    "fargate_weight": 1,
    "fargate_spot_weight": 0,
}
AGES = {"queue_visibility_timeout_seconds": 300, "alarm_message_age_seconds": 900}
TIMES = {"schedule_expression": "cron(0 3 * * ? *)", "schedule_time_zone": "Asia/Tokyo"}


def problems(kind: Any, values: dict[str, Any]) -> list[tuple[str, str]]:
    return list(kind(app="web", images=(REPOSITORY,), values=values).problems())


GOOD = [
    pytest.param(eb.BackgroundServiceEnvironment, COUNTS | ON_INSTANCES, id="a service"),
    pytest.param(
        eb.BackgroundServiceEnvironment,
        COUNTS | ON_INSTANCES | {"service_desired_count": 0, "service_max_count": 0},
        id="a service that is stopped",
    ),
    pytest.param(
        eb.FargateQueueWorkerEnvironment,
        COUNTS | ON_FARGATE | AGES | {"service_desired_count": 0, "service_max_count": 5},
        id="a worker from zero",
    ),
    pytest.param(
        eb.QueueWorkerEnvironment,
        COUNTS | ON_INSTANCES | AGES | {"alarm_message_age_seconds": eb.ref("Age")},
        id="an age that is looked up",
    ),
    pytest.param(eb.ScheduledJobEnvironment, ANYWHERE | ON_INSTANCES | TIMES, id="a job"),
    pytest.param(
        eb.FargateScheduledJobEnvironment,
        ANYWHERE | ON_FARGATE | {name: eb.ref("Schedule") for name in TIMES},
        id="a schedule that is looked up",
    ),
    pytest.param(eb.DaemonEnvironment, ANYWHERE | ON_INSTANCES, id="a daemon"),
]


@pytest.mark.parametrize(("kind", "values"), GOOD)
def test_values_that_go_together(kind: Any, values: dict[str, Any]) -> None:
    assert problems(kind, values) == []


BAD = [
    pytest.param(
        eb.BackgroundServiceEnvironment,
        COUNTS | ON_INSTANCES | {"service_desired_count": 0},
        "service_desired_count",
        "0 stops a service only with a ServiceMaxCount of 0 too; scaling cannot start it",
        id="scaling by CPU from nothing",
    ),
    pytest.param(
        eb.QueueWorkerEnvironment,
        COUNTS | ON_INSTANCES | AGES | {"service_desired_count": 2},
        "service_max_count",
        "at most 1 tasks are fewer than the 2 of ServiceDesiredCount",
        id="fewer than the least",
    ),
    pytest.param(
        eb.QueueWorkerEnvironment,
        COUNTS | ON_INSTANCES | AGES | {"alarm_message_age_seconds": 300},
        "alarm_message_age_seconds",
        "one failure hides a message for 300 seconds (QueueVisibilityTimeoutSeconds); at 300 it "
        "would ring for that",
        id="an alarm for one failure",
    ),
    pytest.param(
        eb.ScheduledJobEnvironment,
        ANYWHERE | ON_INSTANCES | TIMES | {"schedule_expression": "rate(1 hours)"},
        "schedule_expression",
        "rate(1 hours): write rate(1 hour)",
        id="a schedule",
    ),
    pytest.param(
        eb.ScheduledJobEnvironment,
        ANYWHERE | ON_INSTANCES | TIMES | {"schedule_time_zone": "Tokyo"},
        "schedule_time_zone",
        "there is no time zone Tokyo; did you mean Asia/Tokyo?",
        id="a time zone",
    ),
    pytest.param(
        eb.DaemonEnvironment,
        ANYWHERE | ON_INSTANCES | {"task_memory": 991},
        "task_memory",
        "991 MiB set aside are more than the 990 MiB of TaskMaxMemory",
        id="trap 20: more reserved than allowed",
    ),
    pytest.param(
        eb.FargateScheduledJobEnvironment,
        ANYWHERE | ON_FARGATE | TIMES | {"task_max_memory": 990},
        "task_max_memory",
        "990 MiB does not go with 256 CPU units on Fargate; the nearest: 512 and 1024",
        id="trap 19: no such memory",
    ),
    pytest.param(
        eb.FargateQueueWorkerEnvironment,
        COUNTS | ON_FARGATE | AGES | {"fargate_weight": 0},
        "fargate_weight",
        "FargateWeight and FargateSpotWeight cannot both be 0",
        id="trap 13: no weight",
    ),
    pytest.param(
        eb.DaemonEnvironment,
        ANYWHERE | ON_INSTANCES | {"image_repository_url": "nobody"},
        "image_repository_url",
        "nobody does not stand under images; add it there",
        id="an image of nobody",
    ),
]


@pytest.mark.parametrize(("kind", "values", "field", "message"), BAD)
def test_values_that_do_not_go_together(
    kind: Any, values: dict[str, Any], field: str, message: str
) -> None:
    assert problems(kind, values) == [(field, message)]


@pytest.mark.parametrize(
    ("enabled", "state"), [(True, "ENABLED"), (False, "DISABLED"), (eb.ref("Enabled"), "ENABLED")]
)
def test_the_rule_that_tells_of_failures_follows_the_alarms(enabled: Any, state: str) -> None:
    compute = fields_of(eb.ScheduledJobEnvironment)["failure_rule_state"].spec.compute
    assert compute is not None

    assert compute({"alarms_enabled": enabled}) == state


def test_a_task_s_environment_says_where_it_runs() -> None:
    kind: Any = eb.TaskEnvironment

    with pytest.raises(TypeError) as refused:
        kind(app="web", images=(), values={})

    assert "abstract" in str(refused.value)
