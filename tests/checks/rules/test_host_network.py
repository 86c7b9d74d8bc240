"""EB305."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.host_network import CHECK
from tests.checks.helpers import resource, verdict


def task(*containers: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **properties
        )
    }


GOOD = [
    pytest.param(task(), id="left out"),
    pytest.param(task(NetworkMode="awsvpc"), id="awsvpc"),
    pytest.param(task(NetworkMode="bridge"), id="bridge"),
    pytest.param(task(NetworkMode=["host"]), id="a list is no mode"),
]
BAD = [pytest.param(task(NetworkMode="host"), ["Task.NetworkMode"], id="host")]
UNKNOWN = [pytest.param(task(NetworkMode={"Ref": "Mode"}), "Task.NetworkMode", id="value")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
