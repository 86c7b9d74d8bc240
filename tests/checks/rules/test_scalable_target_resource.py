"""EB711."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.scalable_target_resource import CHECK
from tests.checks.helpers import resource, verdict


def target(resource_id: Any, namespace: str = "ecs") -> dict[str, Any]:
    return {
        "Target": resource(
            "AWS::ApplicationAutoScaling::ScalableTarget",
            ServiceNamespace=namespace,
            ResourceId=resource_id,
        ),
        "Service": resource("AWS::ECS::Service"),
        "Cluster": resource("AWS::ECS::Cluster"),
    }


def sub(text: str) -> dict[str, Any]:
    return target({"Fn::Sub": text})


PLACE = ["Target.ResourceId"]
GOOD = [
    pytest.param(target("service/prod/hoge"), id="text"),
    pytest.param(sub("service/${Cluster}/${Service.Name}"), id="sub"),
    pytest.param(
        target(
            {
                "Fn::Join": [
                    "/",
                    ["service", {"Ref": "Cluster"}, {"Fn::GetAtt": ["Service", "Name"]}],
                ]
            }
        ),
        id="join",
    ),
    pytest.param(sub("service/${ClusterName}/${Service.Name}"), id="cluster from outside"),
    pytest.param(target("table/orders", "dynamodb"), id="another service"),
    pytest.param(
        {"Policy": resource("AWS::ApplicationAutoScaling::ScalingPolicy", ScalingTargetId="x")},
        id="a policy by its target",
    ),
]
BAD = [
    pytest.param(target("prod/hoge"), PLACE, id="no service/"),
    pytest.param(target("service/hoge"), PLACE, id="no cluster"),
    pytest.param(target("service/prod/hoge/x"), PLACE, id="too many"),
    pytest.param(target("arn:aws:ecs:eu-west-1:1:service/prod/hoge"), PLACE, id="ARN"),
    pytest.param(sub("service/${Cluster}/${Service}"), PLACE, id="ref of the service"),
    pytest.param(sub("service/${Cluster.Arn}/${Service.Name}"), PLACE, id="ARN of the cluster"),
    pytest.param(sub("${Cluster}/${Service.Name}"), PLACE, id="no service/ in a sub"),
    pytest.param(target({"Ref": "Service"}), PLACE, id="the service alone"),
]
UNKNOWN = [
    pytest.param(sub("service/${ClusterAndName}"), PLACE, id="two parts from outside"),
    pytest.param(target({"Ref": "ResourceId"}), PLACE, id="all from outside"),
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
