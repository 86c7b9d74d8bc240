"""EB412."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.target_type import CHECK
from tests.checks.helpers import resource, verdict

NETWORK = {"AwsvpcConfiguration": {"Subnets": ["subnet-1"]}}


def stack(target_type: Any, mode: Any = None, **service: Any) -> dict[str, Any]:
    task = {"NetworkMode": mode} if mode else {}
    group = {"TargetType": target_type} if target_type else {}
    targets = [{"TargetGroupArn": {"Ref": "Group"}}]
    service = {"TaskDefinition": {"Ref": "Task"}, "LoadBalancers": targets, **service}
    return {
        "Task": resource("AWS::ECS::TaskDefinition", **task),
        "Group": resource("AWS::ElasticLoadBalancingV2::TargetGroup", **group),
        "Service": resource("AWS::ECS::Service", **service),
    }


PLACE = "Service.LoadBalancers.0.TargetGroupArn"
GOOD = [
    pytest.param(stack("ip", "awsvpc"), id="awsvpc"),
    pytest.param(stack("instance", "bridge"), id="bridge"),
    pytest.param(stack(None, "host"), id="host, instance by default"),
    pytest.param(stack(None), id="bridge is the default"),
    pytest.param(
        stack("ip", TaskDefinition="hoge:7", NetworkConfiguration=NETWORK),
        id="only awsvpc has a network configuration",
    ),
    pytest.param(stack(None, "awsvpc", LoadBalancers=[]), id="no load balancer"),
]
BAD = [
    pytest.param(stack("instance", "awsvpc"), [PLACE], id="instance with awsvpc"),
    pytest.param(stack(None, "awsvpc"), [PLACE], id="instance is the default"),
    pytest.param(stack("ip", "bridge"), [PLACE], id="ip with bridge"),
    pytest.param(stack("ip"), [PLACE], id="ip with the default mode"),
    pytest.param(
        stack(None, TaskDefinition="hoge:7", NetworkConfiguration=NETWORK),
        [PLACE],
        id="task elsewhere, network here",
    ),
]
UNKNOWN = [
    pytest.param(stack("ip", TaskDefinition="hoge:7"), "Service.TaskDefinition", id="task"),
    pytest.param(stack({"Ref": "Type"}, "awsvpc"), PLACE, id="type"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
