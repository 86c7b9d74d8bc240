"""EB713."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.scaling_dimension import CHECK
from tests.checks.helpers import resource, verdict

METRIC = (
    "Policy.TargetTrackingScalingPolicyConfiguration"
    ".PredefinedMetricSpecification.PredefinedMetricType"
)


def target(namespace: Any, dimension: Any) -> dict[str, Any]:
    return {
        "Target": resource(
            "AWS::ApplicationAutoScaling::ScalableTarget",
            ServiceNamespace=namespace,
            ScalableDimension=dimension,
        )
    }


def policy(metric: Any, **properties: Any) -> dict[str, Any]:
    tracking = {"PredefinedMetricSpecification": {"PredefinedMetricType": metric}}
    return {
        **target("ecs", "ecs:service:DesiredCount"),
        "Policy": resource(
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            TargetTrackingScalingPolicyConfiguration=tracking,
            **properties,
        ),
    }


OURS = {"ScalingTargetId": {"Ref": "Target"}}
GOOD = [
    pytest.param(target("ecs", "ecs:service:DesiredCount"), id="ecs"),
    pytest.param(target("dynamodb", "dynamodb:table:ReadCapacityUnits"), id="another"),
    pytest.param(policy("ECSServiceAverageCPUUtilization", **OURS), id="by its target"),
    pytest.param(policy("ALBRequestCountPerTarget", ServiceNamespace="ecs"), id="requests"),
    pytest.param(policy("ECSServiceAverageMemoryUtilizationHighResolution", **OURS), id="fast"),
    pytest.param(policy("DynamoDBReadCapacityUtilization"), id="target of another stack"),
    pytest.param(policy("SomethingNew", **OURS), id="a metric of next year"),
]
BAD = [
    pytest.param(
        target("ecs", "dynamodb:table:ReadCapacityUnits"), ["Target.ScalableDimension"], id="table"
    ),
    pytest.param(
        target("ecs", "service:DesiredCount"), ["Target.ScalableDimension"], id="shortened"
    ),
    pytest.param(
        policy("DynamoDBReadCapacityUtilization", **OURS), [METRIC], id="metric of a table"
    ),
    pytest.param(
        policy("ECSServiceAverageCPUUtilization", ServiceNamespace="dynamodb"),
        [METRIC],
        id="reversed",
    ),
]
UNKNOWN = [
    pytest.param(target("ecs", {"Ref": "Dimension"}), ["Target.ScalableDimension"], id="dimension"),
    pytest.param(policy({"Ref": "Metric"}, **OURS), [METRIC], id="metric"),
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
