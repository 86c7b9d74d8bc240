"""EB709."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.percent_threshold import CHECK
from tests.checks.helpers import resource, verdict

TRACKING = "TargetTrackingScalingPolicyConfiguration"
PLACE = ["Alarm.Threshold"]
TARGET = [f"Policy.{TRACKING}.TargetValue"]


def alarm(
    threshold: Any,
    metric: str = "CPUUtilization",
    operator: Any = "GreaterThanThreshold",
    namespace: str = "AWS/ECS",
    **more: Any,
) -> dict[str, Any]:
    given = {"Namespace": namespace, "MetricName": metric, "Threshold": threshold}
    return {
        "Alarm": resource("AWS::CloudWatch::Alarm", ComparisonOperator=operator, **(given | more))
    }


def queries(*listed: Any, threshold: Any = 0.8) -> dict[str, Any]:
    return {
        "Alarm": resource(
            "AWS::CloudWatch::Alarm",
            ComparisonOperator="GreaterThanThreshold",
            Threshold=threshold,
            Metrics=list(listed),
        )
    }


def policy(target: Any, **more: Any) -> dict[str, Any]:
    tracking = {TRACKING: {"TargetValue": target, **more}}
    return {"Policy": resource("AWS::ApplicationAutoScaling::ScalingPolicy", **tracking)}


def predefined(name: str) -> dict[str, Any]:
    return {"PredefinedMetricSpecification": {"PredefinedMetricType": name}}


CPU = {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization"}
QUERY = {"Id": "cpu", "MetricStat": {"Metric": CPU, "Stat": "Average", "Period": 60}}
GOOD = [
    pytest.param(alarm(80), id="percent"),
    pytest.param(alarm(1.5), id="above one"),
    pytest.param(alarm(0), id="anything at all"),
    pytest.param(alarm(1, operator="LessThanThreshold"), id="idle"),
    pytest.param(alarm(1, "HTTPCode_ELB_5XX_Count", namespace="AWS/ApplicationELB"), id="count"),
    pytest.param(alarm(0.5, "TargetResponseTime", namespace="AWS/ApplicationELB"), id="seconds"),
    pytest.param(alarm(0.8, namespace="Custom"), id="a metric of one's own"),
    pytest.param(alarm(1, Statistic="SampleCount"), id="samples"),
    pytest.param(alarm(None), id="none"),
    pytest.param(queries(QUERY, {"Id": "share", "Expression": "cpu / 100"}), id="expression"),
    pytest.param(policy(70, **predefined("ECSServiceAverageCPUUtilization")), id="tracking"),
    pytest.param(policy(1, **predefined("ALBRequestCountPerTarget")), id="requests"),
    pytest.param(
        policy(0.7, **predefined("LambdaProvisionedConcurrencyUtilization")), id="a true fraction"
    ),
    pytest.param(
        policy(
            0.7, CustomizedMetricSpecification={"Metrics": [QUERY, {"Expression": "cpu / 100"}]}
        ),
        id="tracking an expression",
    ),
]
BAD = [
    pytest.param(alarm(0.8), PLACE, id="fraction"),
    pytest.param(alarm("0.8", "MemoryUtilization"), PLACE, id="text"),
    pytest.param(alarm(1, "CPUReservation", "GreaterThanOrEqualToThreshold"), PLACE, id="one"),
    pytest.param(
        alarm(0.9, "CapacityProviderReservation", namespace="AWS/ECS/ManagedScaling"),
        PLACE,
        id="capacity provider",
    ),
    pytest.param(queries(QUERY), PLACE, id="query"),
    pytest.param(
        policy(0.7, **predefined("ECSServiceAverageCPUUtilization")), TARGET, id="tracking"
    ),
    pytest.param(
        policy(0.7, **predefined("ECSServiceAverageMemoryUtilizationHighResolution")),
        TARGET,
        id="high resolution",
    ),
    pytest.param(policy(0.7, CustomizedMetricSpecification=CPU), TARGET, id="customized"),
]
UNKNOWN = [
    pytest.param(alarm({"Ref": "Threshold"}), PLACE, id="threshold"),
    pytest.param(alarm(0.8, operator={"Ref": "X"}), ["Alarm.ComparisonOperator"], id="operator"),
    pytest.param(
        policy({"Ref": "X"}, **predefined("ECSServiceAverageCPUUtilization")), TARGET, id="target"
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
