"""EB312."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.dependency_condition import CHECK
from tests.checks.helpers import resource, verdict


def task(condition: Any, **other: Any) -> dict[str, Any]:
    app = {"Name": "app", "DependsOn": [{"ContainerName": "other", "Condition": condition}]}
    containers = [app, {"Name": "other", **other}]
    return {"Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=containers)}


PLACE = "Task.ContainerDefinitions.0.DependsOn.0.Condition"
CHECKED = {"HealthCheck": {"Command": ["CMD", "true"]}}
GOOD = [
    pytest.param(task("START"), id="start"),
    pytest.param(task("HEALTHY", **CHECKED), id="healthy with a check"),
    pytest.param(task("SUCCESS", Essential=False), id="success of what is not essential"),
    pytest.param(task("COMPLETE", Essential="false"), id="false as text"),
    pytest.param(task("START", Name="renamed"), id="no such container: EB311"),
]
BAD = [
    pytest.param(task("HEALTHY"), [PLACE], id="healthy without a check"),
    pytest.param(task("SUCCESS"), [PLACE], id="essential is the default"),
    pytest.param(task("COMPLETE", Essential=True), [PLACE], id="essential"),
]
UNKNOWN = [
    pytest.param(
        task("SUCCESS", Essential={"Ref": "Essential"}),
        "Task.ContainerDefinitions.1.Essential",
        id="essential",
    ),
    pytest.param(task({"Ref": "Condition"}), PLACE, id="condition"),
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
