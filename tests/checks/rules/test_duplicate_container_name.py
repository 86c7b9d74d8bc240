"""EB310."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.duplicate_container_name import CHECK
from tests.checks.helpers import resource, verdict


def task(*containers: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **properties
        )
    }


GOOD = [
    pytest.param(task({"Name": "app"}, {"Name": "sidecar"}), id="two names"),
    pytest.param(task({"Name": "app"}, {"Name": "App"}), id="names differ in case"),
    pytest.param(task({}, {}), id="no names at all"),
]
BAD = [
    pytest.param(
        task({"Name": "app"}, {"Name": "app"}), ["Task.ContainerDefinitions.1.Name"], id="twice"
    ),
    pytest.param(
        task({"Name": "app"}, {"Name": "b"}, {"Name": "app"}, {"Name": "app"}),
        ["Task.ContainerDefinitions.2.Name", "Task.ContainerDefinitions.3.Name"],
        id="three times",
    ),
]
UNKNOWN = [
    pytest.param(
        task({"Name": "app"}, {"Name": {"Ref": "Name"}}),
        "Task.ContainerDefinitions.1.Name",
        id="value",
    )
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
