"""EB317."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.unknown_volume import CHECK
from tests.checks.helpers import resource, verdict

OUTSIDE = {"Ref": "Outside"}


def task(source: Any, *volumes: Any) -> dict[str, Any]:
    container = {
        "Name": "app",
        "MountPoints": [{"SourceVolume": source, "ContainerPath": "/data"}],
    }
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", ContainerDefinitions=[container], Volumes=list(volumes)
        )
    }


PLACE = ["Task.ContainerDefinitions.0.MountPoints.0.SourceVolume"]
GOOD = [
    pytest.param(task("tmp", {"Name": "tmp"}), id="declared"),
    pytest.param(task("tmp", {"Name": OUTSIDE}, {"Name": "tmp"}), id="declared beside another"),
    pytest.param({"Task": resource("AWS::ECS::TaskDefinition")}, id="nothing"),
    pytest.param(
        {"Task": resource("AWS::ECS::TaskDefinition", Volumes=[{"Name": "a"}])}, id="not used"
    ),
]
BAD = [
    pytest.param(task("tmp"), PLACE, id="no volumes"),
    pytest.param(task("tmp", {"Name": "temp"}), PLACE, id="another name"),
]
UNKNOWN = [
    pytest.param(task(OUTSIDE, {"Name": "tmp"}), PLACE, id="which one"),
    pytest.param(task("tmp", {"Name": OUTSIDE}), ["Task.Volumes.0.Name"], id="name of the volume"),
    pytest.param(task("tmp", OUTSIDE), ["Task.Volumes.0.Name"], id="volume"),
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
