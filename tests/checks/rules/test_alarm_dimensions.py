"""EB704."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.alarm_dimensions import CHECK
from tests.checks.helpers import resource, verdict


def alarm(namespace: Any, name: Any, *dimensions: Any) -> dict[str, Any]:
    return {
        "Alarm": resource(
            "AWS::CloudWatch::Alarm",
            Namespace=namespace,
            MetricName=name,
            Dimensions=[{"Name": one, "Value": "x"} for one in dimensions],
        )
    }


def metric(namespace: Any, name: Any, *dimensions: Any) -> dict[str, Any]:
    found = alarm(namespace, name, *dimensions)["Alarm"]["Properties"]
    return {"Id": "m1", "MetricStat": {"Metric": found, "Stat": "Sum", "Period": 60}}


def math(*queries: Any) -> dict[str, Any]:
    return {"Alarm": resource("AWS::CloudWatch::Alarm", Metrics=list(queries))}


PLACE = ["Alarm.Dimensions"]
ALB = "AWS/ApplicationELB"
INSIGHTS = "ECS/ContainerInsights"
GOOD = [
    pytest.param(alarm("AWS/ECS", "CPUUtilization", "ClusterName", "ServiceName"), id="service"),
    pytest.param(alarm("AWS/ECS", "CPUUtilization", "ServiceName", "ClusterName"), id="any order"),
    pytest.param(alarm("AWS/ECS", "CPUReservation", "ClusterName"), id="cluster"),
    pytest.param(alarm(INSIGHTS, "RunningTaskCount", "ClusterName", "ServiceName"), id="insights"),
    pytest.param(
        alarm(INSIGHTS, "RestartCount", "ClusterName", "ServiceName", "ContainerName"),
        id="container",
    ),
    pytest.param(alarm(ALB, "HTTPCode_ELB_5XX_Count", "LoadBalancer"), id="balancer"),
    pytest.param(alarm(ALB, "UnHealthyHostCount", "LoadBalancer", "TargetGroup"), id="targets"),
    pytest.param(alarm(ALB, "HTTPCode_Target_5XX_Count", "LoadBalancer"), id="all targets"),
    pytest.param(alarm(ALB, "RequestCountPerTarget", "TargetGroup"), id="target group alone"),
    pytest.param(
        alarm(ALB, "TargetResponseTime", "AvailabilityZone", "LoadBalancer", "TargetGroup"),
        id="zone",
    ),
    pytest.param(alarm("AWS/SQS", "NumberOfMessagesSent", "QueueName"), id="queue"),
    pytest.param(alarm("AWS/Events", "FailedInvocations", "RuleName"), id="not judged"),
    pytest.param(alarm("AWS/ECS", "Bogus", "Nope"), id="no such metric is the matter of EB703"),
    pytest.param(alarm("Hoge", "Orders", "Shop"), id="of the application"),
]
BAD = [
    pytest.param(alarm("AWS/ECS", "CPUUtilization"), PLACE, id="none"),
    pytest.param(alarm("AWS/ECS", "CPUUtilization", "ServiceName"), PLACE, id="no cluster"),
    pytest.param(
        alarm("AWS/ECS", "CPUUtilization", "ClusterName", "Service"), PLACE, id="misspelt"
    ),
    pytest.param(alarm(INSIGHTS, "RunningTaskCount", "ClusterName"), PLACE, id="no service"),
    pytest.param(
        alarm("AWS/ECS", "MemoryReservation", "ClusterName", "ServiceName"),
        PLACE,
        id="no service has it",
    ),
    pytest.param(alarm(ALB, "UnHealthyHostCount", "TargetGroup"), PLACE, id="no balancer"),
    pytest.param(
        alarm(ALB, "HTTPCode_Target_5XX_Count", "TargetGroup"), PLACE, id="no balancer too"
    ),
    pytest.param(
        alarm(ALB, "HTTPCode_ELB_5XX_Count", "LoadBalancer", "TargetGroup"), PLACE, id="no targets"
    ),
    pytest.param(
        math(metric(ALB, "RejectedConnectionCount", "TargetGroup")),
        ["Alarm.Metrics.0.MetricStat.Metric.Dimensions"],
        id="in metric math",
    ),
]
UNKNOWN = [
    pytest.param(alarm(ALB, "RequestCount", {"Ref": "D"}), ["Alarm.Dimensions.0.Name"], id="name"),
    pytest.param(
        {
            "Alarm": resource(
                "AWS::CloudWatch::Alarm",
                Namespace=ALB,
                MetricName="RequestCount",
                Dimensions={"Fn::If": ["A", [], []]},
            )
        },
        PLACE,
        id="list",
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
