"""EB404."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.balanced_container import CHECK
from tests.checks.helpers import resource, verdict

APP = {"Name": "app", "PortMappings": [{"ContainerPort": 8080}]}


def stack(service: dict[str, Any], *containers: Any, **task: Any) -> dict[str, Any]:
    return {
        "Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **task),
        "Service": resource("AWS::ECS::Service", **{"TaskDefinition": {"Ref": "Task"}, **service}),
    }


def target(name: Any = "app", port: Any = 8080) -> dict[str, Any]:
    return {"LoadBalancers": [{"ContainerName": name, "ContainerPort": port}]}


NAME = "Service.LoadBalancers.0.ContainerName"
PORT = "Service.LoadBalancers.0.ContainerPort"
RANGE = {"Name": "app", "PortMappings": [{"ContainerPortRange": "8000-8100"}]}
BRIDGED = {"Name": "app", "PortMappings": [{"ContainerPort": 8080, "HostPort": 80}]}
GOOD = [
    pytest.param(stack(target(), APP), id="both are there"),
    pytest.param(stack(target(port="8080"), APP), id="port as text"),
    pytest.param(stack(target(), {"Name": "log"}, APP), id="second container"),
    pytest.param(stack(target(), BRIDGED, NetworkMode="bridge"), id="bridge"),
    pytest.param(stack(target(), APP, NetworkMode="host"), id="host"),
    pytest.param(stack(target(), RANGE), id="port of a range"),
    pytest.param(stack({}, APP), id="no load balancer"),
    pytest.param(
        stack({"ServiceRegistries": [{"RegistryArn": "arn:aws:x"}]}, APP), id="registry, no names"
    ),
]
BAD = [
    pytest.param(stack(target("nope"), APP), [NAME], id="no such container"),
    pytest.param(stack(target(port=9999), APP), [PORT], id="no such port"),
    pytest.param(stack(target(port=80), BRIDGED, NetworkMode="bridge"), [PORT], id="host port"),
    pytest.param(stack(target(port=8101), RANGE), [PORT], id="port after the range"),
    pytest.param(stack(target(), {"Name": "app"}), [PORT], id="no mappings"),
    pytest.param(stack({"LoadBalancers": [{}]}, APP), [NAME, PORT], id="nothing named"),
    pytest.param(
        stack({"ServiceRegistries": [{"ContainerName": "app", "ContainerPort": 1}]}, APP),
        ["Service.ServiceRegistries.0.ContainerPort"],
        id="registry",
    ),
]
UNKNOWN = [
    pytest.param(
        stack({**target(), "TaskDefinition": "hoge:7"}, APP),
        "Service.TaskDefinition",
        id="task definition elsewhere",
    ),
    pytest.param(stack(target({"Ref": "Name"}), APP), NAME, id="name"),
    pytest.param(
        stack(target(), {"Name": "app", "PortMappings": [{"ContainerPort": {"Ref": "Port"}}]}),
        "Service.TaskDefinition",
        id="mapped port",
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
