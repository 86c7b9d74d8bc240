"""EB516."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.dynamic_health_check_port import CHECK
from tests.checks.helpers import resource, verdict

DYNAMIC = {"ContainerPort": 8080}
FIXED = {"ContainerPort": 8080, "HostPort": 8080}


def stack(port: Any, mapping: Any, mode: Any = "bridge", **service: Any) -> dict[str, Any]:
    target = {
        "ContainerName": "app",
        "ContainerPort": "8080",
        "TargetGroupArn": {"Ref": "Group"},
    }
    container = {"Name": "app", "PortMappings": [mapping]}
    group = {} if port is None else {"HealthCheckPort": port}
    service = {"TaskDefinition": {"Ref": "Task"}, "LoadBalancers": [target], **service}
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", NetworkMode=mode, ContainerDefinitions=[container]
        ),
        "Group": resource("AWS::ElasticLoadBalancingV2::TargetGroup", **group),
        "Service": resource("AWS::ECS::Service", **service),
    }


PLACE = "Service.LoadBalancers.0.TargetGroupArn"
GOOD = [
    pytest.param(stack("traffic-port", DYNAMIC), id="traffic-port"),
    pytest.param(stack(None, DYNAMIC), id="left out: EB515"),
    pytest.param(stack("8080", FIXED), id="host port is fixed"),
    pytest.param(stack("8080", DYNAMIC, "awsvpc"), id="awsvpc"),
    pytest.param(stack("8080", DYNAMIC, "host"), id="host"),
]
BAD = [
    pytest.param(stack("8080", DYNAMIC), [PLACE], id="no host port"),
    pytest.param(stack(8080, {**DYNAMIC, "HostPort": 0}), [PLACE], id="host port 0"),
    pytest.param(stack("8080", {**DYNAMIC, "HostPort": "0"}, None), [PLACE], id="default mode"),
]
UNKNOWN = [
    pytest.param(stack({"Ref": "Port"}, DYNAMIC), PLACE, id="port"),
    pytest.param(stack("8080", DYNAMIC, {"Ref": "Mode"}), "Service.TaskDefinition", id="mode"),
    pytest.param(
        stack("8080", DYNAMIC, TaskDefinition="hoge:7"), "Service.TaskDefinition", id="elsewhere"
    ),
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
