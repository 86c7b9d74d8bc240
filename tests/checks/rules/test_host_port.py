"""EB315."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.host_port import CHECK
from tests.checks.helpers import resource, verdict

OUTSIDE = {"Ref": "Outside"}


def task(*mappings: Any, mode: Any = "awsvpc", on: Any = ()) -> dict[str, Any]:
    container = {"Name": "app", "PortMappings": list(mappings)}
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition",
            NetworkMode=mode,
            RequiresCompatibilities=list(on),
            ContainerDefinitions=[container],
        )
    }


def mapping(container: Any, host: Any) -> dict[str, Any]:
    return {"ContainerPort": container, "HostPort": host}


PLACE = "Task.ContainerDefinitions.0.PortMappings.0.HostPort"
GOOD = [
    pytest.param(task(mapping(8080, 8080)), id="the same"),
    pytest.param(task(mapping(8080, "8080")), id="the same as text"),
    pytest.param(task({"ContainerPort": 8080}), id="left out"),
    pytest.param(task(mapping(8080, 0)), id="zero is left out"),
    pytest.param(task({"ContainerPortRange": "8000-8010"}), id="range"),
    pytest.param(task(mapping(8080, 80), mode="bridge"), id="bridge translates"),
    pytest.param(task(mapping(8080, 80), mode=None), id="bridge by default"),
    pytest.param(task(), id="no ports"),
]
BAD = [
    pytest.param(task(mapping(8080, 80)), [PLACE], id="another"),
    pytest.param(task(mapping("8080", "80")), [PLACE], id="another as text"),
    pytest.param(task(mapping(8080, 80), mode="host"), [PLACE], id="host mode"),
    pytest.param(task(mapping(8080, 80), mode=None, on=("FARGATE",)), [PLACE], id="Fargate"),
    pytest.param(
        task(mapping(8080, 8080), mapping(9090, 90)), [PLACE.replace(".0.Host", ".1.Host")], id="2"
    ),
]
UNKNOWN = [
    pytest.param(task(mapping(8080, OUTSIDE)), [PLACE], id="port from outside"),
    pytest.param(task(mapping(8080, 80), mode=OUTSIDE), ["Task.NetworkMode"], id="mode"),
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
