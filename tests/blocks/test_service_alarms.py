"""The ten alarms of a service. They exist everywhere; whether they notify is a value."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, TOPIC, Parts, fargate_task, parts

_SERVICE = [
    {"Name": "ClusterName", "Value": "main"},
    {"Name": "ServiceName", "Value": {"Fn::GetAtt": ["WebService", "Name"]}},
]
_BALANCER = {
    "Name": "LoadBalancer",
    "Value": {"Fn::GetAtt": ["WebLoadBalancer", "LoadBalancerFullName"]},
}
_TARGETS = [
    {
        "Name": "TargetGroup",
        "Value": {"Fn::GetAtt": ["WebTargetGroup3FF6B5", "TargetGroupFullName"]},
    },
    _BALANCER,
]


def block(made: Parts, **changed: Any) -> eb.ServiceAlarms:
    arguments: dict[str, Any] = {
        "service": made.running(),
        "task": made.task,
        "balancer": made.balancer,
        "target_group": made.target_group,
        "notify": eb.Notify(topic_arn=TOPIC),
    }
    return eb.ServiceAlarms(**arguments | changed)


def alarms(size: Any = None, **changed: Any) -> dict[str, dict[str, Any]]:
    made = parts(None if size is None else fargate_task(size=size))
    return {name: one["Properties"] for name, one in made.new(block(made, **changed)).items()}


def simple(namespace: str, name: str, dimensions: object, **statistic: str) -> dict[str, Any]:
    return {
        "Namespace": namespace,
        "MetricName": name,
        **statistic,
        "Dimensions": dimensions,
        "Period": 60,
    }


def query(id_: str, namespace: str, name: str, dimensions: object, stat: str) -> dict[str, Any]:
    return {
        "Id": id_,
        "ReturnData": False,
        "MetricStat": {
            "Metric": {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions},
            "Stat": stat,
            "Period": 60,
        },
    }


def result(expression: object, label: str) -> dict[str, Any]:
    return {"Id": "result", "Expression": expression, "Label": label, "ReturnData": True}


ROWS = [
    pytest.param(
        "WebCpuAlarm",
        simple("AWS/ECS", "CPUUtilization", _SERVICE, Statistic="Average"),
        85,
        5,
        id="CPU",
    ),
    pytest.param(
        "WebMemoryAlarm",
        simple("AWS/ECS", "MemoryUtilization", _SERVICE, Statistic="Average"),
        85,
        5,
        id="memory",
    ),
    pytest.param(
        "WebTargetErrorsAlarm",
        simple("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", _TARGETS, Statistic="Sum"),
        10,
        2,
        id="5xx of the application",
    ),
    pytest.param(
        "WebTargetConnectionErrorsAlarm",
        simple("AWS/ApplicationELB", "TargetConnectionErrorCount", _TARGETS, Statistic="Sum"),
        10,
        2,
        id="tasks that cannot be reached",
    ),
    pytest.param(
        "WebBalancerErrorsAlarm",
        simple("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", [_BALANCER], Statistic="Sum"),
        10,
        2,
        id="5xx of the balancer",
    ),
    pytest.param(
        "WebRejectedConnectionsAlarm",
        simple("AWS/ApplicationELB", "RejectedConnectionCount", [_BALANCER], Statistic="Sum"),
        0,
        2,
        id="no room in the balancer",
    ),
    pytest.param(
        "WebUnhealthyHostsAlarm",
        simple("AWS/ApplicationELB", "UnHealthyHostCount", _TARGETS, Statistic="Maximum"),
        0,
        5,
        id="unhealthy hosts",
    ),
    pytest.param(
        "WebResponseTimeAlarm",
        simple("AWS/ApplicationELB", "TargetResponseTime", _TARGETS, ExtendedStatistic="p95"),
        1.0,
        5,
        id="response time",
    ),
    pytest.param(
        "WebRunningBelowDesiredAlarm",
        {
            "Metrics": [
                query("desired", "ECS/ContainerInsights", "DesiredTaskCount", _SERVICE, "Average"),
                query("running", "ECS/ContainerInsights", "RunningTaskCount", _SERVICE, "Average"),
                result("desired - running", "tasks missing"),
            ]
        },
        0,
        10,
        id="running below desired",
    ),
    pytest.param(
        "WebNoHealthyHostAlarm",
        {
            "Metrics": [
                query("healthy", "AWS/ApplicationELB", "HealthyHostCount", _TARGETS, "Maximum"),
                result("IF(healthy < 1, 1, 0)", "1 while the service is down"),
            ],
            "TreatMissingData": "breaching",
        },
        0,
        3,
        id="no healthy host",
    ),
]
_COMMON = {
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
    "ActionsEnabled": True,
    "AlarmActions": [TOPIC],
    "OKActions": [TOPIC],
}


@pytest.mark.parametrize(("id_", "watches", "above", "minutes"), ROWS)
def test_an_alarm_watches_its_metric_of_this_service(
    id_: str, watches: dict[str, Any], above: float, minutes: int
) -> None:
    found = alarms()[id_]
    del found["AlarmName"], found["AlarmDescription"]

    assert found == {
        **_COMMON,
        **watches,
        "Threshold": above,
        "EvaluationPeriods": minutes,
        "DatapointsToAlarm": minutes,
    }


def test_memory_on_instances_is_a_share_of_the_hard_limit() -> None:
    size = eb.Ec2Size(memory_reservation_mib=TOKENS.number, memory_mib=TOKENS.other_number)

    assert alarms(size)["WebMemoryAlarm"]["Metrics"] == [
        query("utilization", "AWS/ECS", "MemoryUtilization", _SERVICE, "Average"),
        result(
            {"Fn::Sub": "utilization * ${Number} / ${OtherNumber}"},
            "memory, in percent of the hard limit",
        ),
    ]


@pytest.mark.parametrize(
    ("threshold", "id_"),
    [
        ("cpu_percent", "WebCpuAlarm"),
        ("memory_percent", "WebMemoryAlarm"),
        ("target_5xx", "WebTargetErrorsAlarm"),
        ("target_connection_errors", "WebTargetConnectionErrorsAlarm"),
        ("balancer_5xx", "WebBalancerErrorsAlarm"),
        ("rejected_connections", "WebRejectedConnectionsAlarm"),
        ("response_time_s", "WebResponseTimeAlarm"),
    ],
)
def test_a_threshold_is_that_of_its_alarm_and_may_be_a_token(threshold: str, id_: str) -> None:
    arguments: dict[str, Any] = {threshold: TOKENS.number}

    found = alarms(thresholds=eb.Thresholds(**arguments))

    assert [name for name, one in found.items() if one["Threshold"] == {"Ref": "Number"}] == [id_]


def test_alarms_that_do_not_notify_still_exist() -> None:
    found = alarms(notify=eb.Notify(topic_arn=TOPIC, enabled=False))

    assert [one["ActionsEnabled"] for one in found.values()] == [False] * 10


def test_every_alarm_says_what_to_look_at() -> None:
    assert [one["AlarmDescription"] for one in alarms().values()] == [
        "the tasks are short of CPU; raise TaskCpu or ServiceMaxCount",
        "the tasks come close to their hard memory limit; raise TaskMaxMemory",
        "the application answers with 5xx; look into its log group",
        "the load balancer cannot connect to a task: it has ended, does not listen, or takes no "
        "more connections",
        "the load balancer itself answers with 5xx: no healthy task, or a task that closes "
        "connections",
        "the load balancer rejects connections: it has as many as it can; a slow application "
        "keeps them open, or there are more clients than ever",
        "a task fails its health check",
        "one of twenty requests takes longer than this many seconds",
        "fewer tasks run than should: they fail to start, or find no capacity",
        "the service is down: no task is healthy",
    ]


@pytest.mark.parametrize("by_the_clock", [False, True])
def test_a_service_is_not_down_before_it_was_ever_up(*, by_the_clock: bool) -> None:
    made = parts()
    alarm = made.new(block(made, by_the_clock=by_the_clock))["WebNoHealthyHostAlarm"]
    ordered_by_dimension = "WebService" in str(alarm["Properties"])

    assert ordered_by_dimension is by_the_clock
    assert alarm.get("DependsOn", []) == ([] if by_the_clock else ["WebService"])


def test_the_logical_ids_are_a_contract() -> None:
    assert list(alarms()) == [
        "WebCpuAlarm",
        "WebMemoryAlarm",
        "WebTargetErrorsAlarm",
        "WebTargetConnectionErrorsAlarm",
        "WebBalancerErrorsAlarm",
        "WebRejectedConnectionsAlarm",
        "WebUnhealthyHostsAlarm",
        "WebResponseTimeAlarm",
        "WebRunningBelowDesiredAlarm",
        "WebNoHealthyHostAlarm",
    ]


def test_what_a_shared_balancer_itself_does_is_none_of_them() -> None:
    assert set(alarms()) - set(alarms(shares_balancer=True)) == {
        "WebBalancerErrorsAlarm",
        "WebRejectedConnectionsAlarm",
    }


def test_every_property_is_reachable_through_the_handle() -> None:
    made = parts()
    cpu, *_ = made.stack.add("Web", block(made))

    cpu.InsufficientDataActions = [TOPIC]

    assert made.resources["WebCpuAlarm"]["Properties"]["InsufficientDataActions"] == [TOPIC]


def of_tasks(size: Any = None, **thresholds: Any) -> dict[str, dict[str, Any]]:
    made = parts(None if size is None else fargate_task(size=size))
    watch = eb.TaskAlarms(
        service=made.running(),
        task=made.task,
        notify=eb.Notify(topic_arn=TOPIC),
        thresholds=eb.TaskThresholds(**thresholds),
    )
    return {name: one["Properties"] for name, one in made.new(watch).items()}


@pytest.mark.parametrize(
    "size", [None, eb.Ec2Size(memory_reservation_mib=512, memory_mib=990)], ids=["Fargate", "EC2"]
)
def test_the_alarms_of_any_service_are_three_of_those_behind_a_balancer(size: Any) -> None:
    found = of_tasks(size)

    assert list(found) == ["WebCpuAlarm", "WebMemoryAlarm", "WebRunningBelowDesiredAlarm"]
    assert found == {name: one for name, one in alarms(size).items() if name in found}


def test_where_they_ring_may_be_tokens() -> None:
    found = of_tasks(cpu_percent=TOKENS.number, memory_percent=TOKENS.other_number)

    assert found["WebCpuAlarm"]["Threshold"] == {"Ref": "Number"}
    assert found["WebMemoryAlarm"]["Threshold"] == {"Ref": "OtherNumber"}
