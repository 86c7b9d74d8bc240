"""EB703."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import Template
from ecs_blocks.checks.rules.alarm_metric_name import CHECK
from ecs_blocks.checks.run import judge
from tests.checks.helpers import resource, verdict


def alarm(namespace: Any, name: Any) -> dict[str, Any]:
    return {
        "Alarm": resource(
            "AWS::CloudWatch::Alarm",
            Namespace=namespace,
            MetricName=name,
        )
    }


def metric(namespace: Any, name: Any) -> dict[str, Any]:
    found = alarm(namespace, name)["Alarm"]["Properties"]
    return {"Id": "m1", "MetricStat": {"Metric": found, "Stat": "Sum", "Period": 60}}


def math(*queries: Any) -> dict[str, Any]:
    return {"Alarm": resource("AWS::CloudWatch::Alarm", Metrics=list(queries))}


NAME = "Alarm.MetricName"
IN_METRICS = "Alarm.Metrics.0.MetricStat.Metric.MetricName"
GOOD = [
    pytest.param(alarm("AWS/ECS", "CPUUtilization"), id="ECS"),
    pytest.param(alarm("ECS/ContainerInsights", "RunningTaskCount"), id="Container Insights"),
    pytest.param(alarm("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"), id="ALB"),
    pytest.param(alarm("AWS/NetworkELB", "UnHealthyHostCount"), id="NLB"),
    pytest.param(alarm("AWS/ECS/ManagedScaling", "CapacityProviderReservation"), id="capacity"),
    pytest.param(alarm("AWS/AutoScaling", "GroupInServiceInstances"), id="group"),
    pytest.param(alarm("AWS/SQS", "ApproximateAgeOfOldestMessage"), id="queue"),
    pytest.param(alarm("AWS/SNS", "NumberOfNotificationsFailed"), id="topic"),
    pytest.param(alarm("AWS/Events", "FailedInvocations"), id="rule"),
    pytest.param(alarm("AWS/Logs", "IncomingBytes"), id="logs"),
    pytest.param(alarm("Hoge", "OrdersPlaced"), id="of the application"),
    pytest.param(alarm("AWS/Lambda", "Errrors"), id="a service without a list"),
    pytest.param(math(metric("AWS/ECS", "MemoryUtilization")), id="in metric math"),
    pytest.param(math({"Id": "e1", "Expression": "m1 / 2"}), id="expression"),
    pytest.param({"Alarm": {"Type": "AWS::CloudWatch::Alarm"}}, id="no metric"),
]
BAD = [
    pytest.param(alarm("AWS/ECS", "CpuUtilization"), [NAME], id="capitals"),
    pytest.param(alarm("AWS/ECS", "RunningTaskCount"), [NAME], id="of Container Insights"),
    pytest.param(alarm("AWS/ApplicationELB", "HTTPCode_Target_5xx"), [NAME], id="shortened"),
    pytest.param(alarm("AWS/SQS", "zzz"), [NAME], id="nothing near"),
    pytest.param(alarm("AWS/ApplicationElb", "RequestCount"), ["Alarm.Namespace"], id="namespace"),
    pytest.param(math(metric("AWS/ECS", "CPUutilisation")), [IN_METRICS], id="in metric math"),
    pytest.param(
        {
            "Policy": resource(
                "AWS::ApplicationAutoScaling::ScalingPolicy",
                TargetTrackingScalingPolicyConfiguration={
                    "CustomizedMetricSpecification": {
                        "Namespace": "AWS/SQS",
                        "MetricName": "ApproximateNumberOfMessages",
                    }
                },
            )
        },
        [
            "Policy.TargetTrackingScalingPolicyConfiguration"
            ".CustomizedMetricSpecification.MetricName"
        ],
        id="of a scaling policy",
    ),
]
UNKNOWN = [
    pytest.param(alarm("AWS/ECS", {"Ref": "Metric"}), [NAME], id="name"),
    pytest.param(alarm({"Ref": "Namespace"}, "X"), ["Alarm.Namespace"], id="namespace"),
]


def test_nearest_name_is_named() -> None:
    [finding] = judge(Template({"Resources": alarm("AWS/ECS", "CpuUtilisation")}), [CHECK]).findings

    assert finding.message == "AWS/ECS has no metric 'CpuUtilisation'; nearest: CPUUtilization"


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
