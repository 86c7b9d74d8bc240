"""EB311."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.unknown_container import CHECK
from tests.checks.helpers import resource, verdict


def task(*containers: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **properties
        )
    }


PLACE = "Task.ContainerDefinitions.0"
APP = {"Name": "app"}
GOOD = [
    pytest.param(task(APP), id="no references"),
    pytest.param(task({"DependsOn": [{"ContainerName": "app"}]}, APP), id="dependency"),
    pytest.param(task({"VolumesFrom": [{"SourceContainer": "app"}]}, APP), id="volumes"),
    pytest.param(task({"Links": ["app:alias", "app"]}, APP), id="links"),
    pytest.param(task({"DependsOn": "app"}, APP), id="a text where a list belongs"),
]
BAD = [
    pytest.param(
        task({"DependsOn": [{"ContainerName": "ap"}]}, APP),
        [f"{PLACE}.DependsOn.0.ContainerName"],
        id="dependency",
    ),
    pytest.param(
        task({"VolumesFrom": [{"SourceContainer": "db"}]}, APP),
        [f"{PLACE}.VolumesFrom.0.SourceContainer"],
        id="volumes",
    ),
    pytest.param(task({"Links": ["app", "db:db"]}, APP), [f"{PLACE}.Links.1"], id="links"),
]
UNKNOWN = [
    pytest.param(
        task({"Name": "a", "DependsOn": [{"ContainerName": "b"}]}, {"Name": {"Ref": "Name"}}),
        "Task.ContainerDefinitions.1.Name",
        id="another container may have the name",
    ),
    pytest.param(
        task({"DependsOn": [{"ContainerName": {"Ref": "Name"}}]}, APP),
        f"{PLACE}.DependsOn.0.ContainerName",
        id="value",
    ),
    pytest.param(task({"Links": [{"Ref": "Name"}]}, APP), f"{PLACE}.Links.0", id="link"),
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
