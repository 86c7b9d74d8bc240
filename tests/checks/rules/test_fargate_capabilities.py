"""EB319."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.fargate_capabilities import CHECK
from tests.checks.helpers import resource, verdict

OUTSIDE = {"Ref": "Outside"}


def task(*added: Any, on: Any = ("FARGATE",), drop: Any = ("ALL",)) -> dict[str, Any]:
    capabilities = {"Add": list(added), "Drop": list(drop)}
    container = {"Name": "app", "LinuxParameters": {"Capabilities": capabilities}}
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition",
            RequiresCompatibilities=list(on),
            ContainerDefinitions=[container],
        )
    }


PLACE = "Task.ContainerDefinitions.0.LinuxParameters.Capabilities.Add.0"
GOOD = [
    pytest.param(task(), id="none added"),
    pytest.param(task("SYS_PTRACE"), id="the one that there is"),
    pytest.param(task(drop=("ALL", "NET_RAW")), id="dropped"),
    pytest.param(task("NET_ADMIN", on=("EC2",)), id="EC2"),
    pytest.param(task("NET_ADMIN", on=()), id="EC2 by default"),
]
BAD = [
    pytest.param(task("NET_ADMIN"), [PLACE], id="another"),
    pytest.param(task("NET_ADMIN", on=("EC2", "FARGATE")), [PLACE], id="Fargate among others"),
    pytest.param(task("SYS_ADMIN", "SYS_PTRACE"), [PLACE], id="beside the one"),
]
UNKNOWN = [
    pytest.param(task(OUTSIDE), [PLACE], id="which one"),
    pytest.param(
        task("NET_ADMIN", on=(OUTSIDE,)), ["Task.RequiresCompatibilities.0"], id="where it runs"
    ),
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
