"""EB313."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.log_options import CHECK
from tests.checks.helpers import resource, verdict


def task(*compatibilities: Any, driver: Any = "awslogs", **options: Any) -> dict[str, Any]:
    log = {
        "LogDriver": driver,
        "Options": {name.replace("_", "-"): value for name, value in options.items()},
    }
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition",
            RequiresCompatibilities=list(compatibilities),
            ContainerDefinitions=[{"LogConfiguration": log}],
        )
    }


PLACE = "Task.ContainerDefinitions.0.LogConfiguration.Options"
BOTH = {"awslogs_group": {"Ref": "LogGroup"}, "awslogs_region": "eu-west-1"}
GOOD = [
    pytest.param(task(**BOTH), id="EC2 needs no prefix"),
    pytest.param(task("FARGATE", awslogs_stream_prefix="app", **BOTH), id="Fargate"),
    pytest.param(task("FARGATE", driver="awsfirelens"), id="another driver"),
    pytest.param({"Task": resource("AWS::ECS::TaskDefinition")}, id="no containers"),
]
BAD = [
    pytest.param(task(awslogs_region="eu-west-1"), [PLACE], id="no group"),
    pytest.param(task(awslogs_group="/ecs/hoge"), [PLACE], id="no region"),
    pytest.param(task("FARGATE", **BOTH), [PLACE], id="no prefix on Fargate"),
    pytest.param(task("FARGATE"), [PLACE] * 3, id="nothing"),
    pytest.param(task(awslogs_group="", awslogs_region="eu-west-1"), [PLACE], id="empty group"),
]
UNKNOWN = [
    pytest.param(
        task(driver={"Ref": "Driver"}),
        "Task.ContainerDefinitions.0.LogConfiguration.LogDriver",
        id="driver",
    ),
    pytest.param(
        task({"Ref": "Launch"}, **BOTH), "Task.RequiresCompatibilities.0", id="compatibility"
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
