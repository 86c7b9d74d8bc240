"""EB715."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.scaling_order import CHECK
from tests.checks.helpers import resource, verdict

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
DIMENSION = {"ScalableDimension": "ecs:service:DesiredCount", "ServiceNamespace": "ecs"}


def target(
    resource_id: Any, cluster: Any = "prod", name: Any = "hoge", after: Any = None
) -> dict[str, Any]:
    return {
        "Target": resource(TARGET, ResourceId=resource_id, **DIMENSION)
        | ({} if after is None else {"DependsOn": after}),
        "Service": resource("AWS::ECS::Service", Cluster=cluster, ServiceName=name),
        "Cluster": resource("AWS::ECS::Cluster"),
        "Role": resource("AWS::IAM::Role", Description={"Ref": "Service"}),
    }


def policy(resource_id: Any, after: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "Target": resource(TARGET, ResourceId="service/prod/hoge", **DIMENSION),
        "Policy": resource(POLICY, **({"ResourceId": resource_id} | DIMENSION | more))
        | ({} if after is None else {"DependsOn": after}),
    }


SUB = {"Fn::Sub": "service/${Cluster}/hoge"}
PLACE = ["Target.ResourceId"]
GOOD = [
    pytest.param(target({"Fn::Sub": "service/${Cluster}/${Service.Name}"}), id="by reference"),
    pytest.param(target("service/prod/hoge", after="Service"), id="DependsOn"),
    pytest.param(target("service/prod/hoge", after=["Role"]), id="by way of another"),
    pytest.param(target("service/prod/fuga"), id="another service"),
    pytest.param(target("service/dev/hoge"), id="another cluster"),
    pytest.param(target("service/prod/hoge", name=None), id="a name that AWS chooses"),
    pytest.param(target({"Ref": "ResourceId"}), id="from outside"),
    pytest.param(policy("service/prod/hoge", after="Target"), id="policy with DependsOn"),
    pytest.param(policy("service/prod/fuga"), id="policy of another"),
    pytest.param(
        policy("service/prod/hoge", ScalableDimension="x"), id="policy of another dimension"
    ),
    pytest.param(policy(None, ScalingTargetId={"Ref": "Target"}), id="policy by its target"),
]
BAD = [
    pytest.param(target("service/prod/hoge"), PLACE, id="text"),
    pytest.param(target(SUB, {"Ref": "Cluster"}), PLACE, id="only the cluster"),
    pytest.param(target(SUB, {"Ref": "ClusterName"}), PLACE, id="a cluster that is not known"),
    pytest.param(
        target("service/prod/hoge", "arn:aws:ecs:eu-west-1:123456789012:cluster/prod"),
        PLACE,
        id="cluster by ARN",
    ),
    pytest.param(target("service/default/hoge", None), PLACE, id="the default cluster"),
    pytest.param(
        target({"Fn::Sub": "service/prod/${Name}"}, name={"Ref": "Name"}), PLACE, id="one parameter"
    ),
    pytest.param(policy("service/prod/hoge"), ["Policy.ResourceId"], id="policy"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])
