"""EB714."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.request_count_target import CHECK
from tests.checks.helpers import resource, verdict

LABEL = (
    "Policy.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.ResourceLabel"
)


def policy(metric: Any, label: Any = None) -> dict[str, Any]:
    specification = {"PredefinedMetricType": metric}
    if label is not None:
        specification["ResourceLabel"] = label
    tracking = {"PredefinedMetricSpecification": specification}
    return {
        "Policy": resource(
            "AWS::ApplicationAutoScaling::ScalingPolicy",
            TargetTrackingScalingPolicyConfiguration=tracking,
        ),
        "Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer"),
        "Targets": resource("AWS::ElasticLoadBalancingV2::TargetGroup"),
    }


def requests(label: Any) -> dict[str, Any]:
    return policy("ALBRequestCountPerTarget", label)


GOOD = [
    pytest.param(
        requests({"Fn::Sub": "${Balancer.LoadBalancerFullName}/${Targets.TargetGroupFullName}"}),
        id="sub",
    ),
    pytest.param(
        requests(
            {
                "Fn::Join": [
                    "/",
                    [
                        {"Fn::GetAtt": ["Balancer", "LoadBalancerFullName"]},
                        {"Fn::GetAtt": ["Targets", "TargetGroupFullName"]},
                    ],
                ]
            }
        ),
        id="join",
    ),
    pytest.param(requests("app/web/778d41231b141a0f/targetgroup/web/943f017f100becff"), id="text"),
    pytest.param(
        requests({"Fn::Sub": "app/web/778d41231b141a0f/${Targets.TargetGroupFullName}"}),
        id="half of it as text",
    ),
    pytest.param(
        requests({"Fn::Sub": "${BalancerName}/${Targets.TargetGroupFullName}"}),
        id="load balancer of another stack",
    ),
    pytest.param(policy("ECSServiceAverageCPUUtilization"), id="another metric"),
    pytest.param(
        {"Policy": {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy"}}, id="step scaling"
    ),
]
REVERSED = "${Targets.TargetGroupFullName}/${Balancer.LoadBalancerFullName}"
NETWORK = {"Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", Type="network")}
BAD = [
    pytest.param(requests({"Fn::Sub": REVERSED}), [LABEL], id="the other way round"),
    pytest.param(
        requests("targetgroup/web/943f017f100becff/app/web/778d41231b141a0f"),
        [LABEL],
        id="the other way round, as text",
    ),
    pytest.param(
        requests({"Fn::GetAtt": ["Targets", "TargetGroupFullName"]}), [LABEL], id="half, by GetAtt"
    ),
    pytest.param(
        requests({"Fn::Sub": "${Balancer.LoadBalancerFullName}${Targets.TargetGroupFullName}"}),
        [LABEL],
        id="no slash between",
    ),
    pytest.param(
        requests({"Fn::Sub": "${Balancer.LoadBalancerFullName}/${Targets.TargetGroupFullName}"})
        | NETWORK,
        [LABEL],
        id="a Network Load Balancer",
    ),
    pytest.param(policy("ALBRequestCountPerTarget"), [LABEL], id="left out"),
    pytest.param(requests("app/web/778d41231b141a0f"), [LABEL], id="half of it"),
    pytest.param(requests({"Fn::Sub": "${Balancer}/${Targets}"}), [LABEL, LABEL], id="ARNs"),
    pytest.param(
        requests({"Fn::Sub": "${Balancer.LoadBalancerName}/${Targets.TargetGroupFullName}"}),
        [LABEL],
        id="short name",
    ),
    pytest.param(policy("ECSServiceAverageCPUUtilization", "app/x"), [LABEL], id="where none goes"),
]
UNKNOWN = [pytest.param(requests({"Ref": "Label"}), [LABEL], id="from outside")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
