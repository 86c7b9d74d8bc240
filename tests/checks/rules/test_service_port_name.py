"""EB416."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.service_port_name import CHECK
from tests.checks.helpers import resource, verdict

APP = {"Name": "app", "PortMappings": [{"Name": "http", "ContainerPort": 8080}]}


def stack(service: dict[str, Any], *containers: Any, **task: Any) -> dict[str, Any]:
    return {
        "Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **task),
        "Service": resource("AWS::ECS::Service", **{"TaskDefinition": {"Ref": "Task"}, **service}),
    }


def connect(name: Any) -> dict[str, Any]:
    return {"ServiceConnectConfiguration": {"Enabled": True, "Services": [{"PortName": name}]}}


PLACE = "Service.ServiceConnectConfiguration.Services.0.PortName"
GOOD = [
    pytest.param(stack(connect("http"), APP), id="named"),
    pytest.param(stack({"VpcLatticeConfigurations": [{"PortName": "http"}]}, APP), id="Lattice"),
    pytest.param(stack({"ServiceConnectConfiguration": {"Enabled": True}}, APP), id="client only"),
    pytest.param(stack({}, APP), id="neither"),
]
BAD = [
    pytest.param(stack(connect("app"), APP), [PLACE], id="the container's name"),
    pytest.param(stack(connect("8080"), APP), [PLACE], id="the port's number"),
    pytest.param(stack(connect("http"), {"Name": "app"}), [PLACE], id="no ports"),
    pytest.param(
        stack({"VpcLatticeConfigurations": [{"PortName": "htpt"}]}, APP),
        ["Service.VpcLatticeConfigurations.0.PortName"],
        id="Lattice",
    ),
]
UNKNOWN = [
    pytest.param(
        stack({**connect("http"), "TaskDefinition": "hoge:7"}, APP),
        "Service.TaskDefinition",
        id="task definition elsewhere",
    ),
    pytest.param(stack(connect({"Ref": "Name"}), APP), PLACE, id="value"),
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
