"""EB306. Regression: td-no-logs."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.container_without_logs import CHECK
from tests.checks.helpers import resource, verdict


def task(*containers: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **properties
        )
    }


PLACE = "Task.ContainerDefinitions.0.LogConfiguration"
GOOD = [
    pytest.param(task({"LogConfiguration": {"LogDriver": "awslogs"}}), id="awslogs"),
    pytest.param(task({"LogConfiguration": {"LogDriver": "awsfirelens"}}), id="another driver"),
    pytest.param(task(), id="no containers"),
]
BAD = [
    pytest.param(task({"Name": "app"}), [PLACE], id="left out"),
    pytest.param(task({"LogConfiguration": {}}), [PLACE], id="empty"),
    pytest.param(task({"LogConfiguration": None}), [PLACE], id="null"),
    pytest.param(
        task({"LogConfiguration": {"LogDriver": "awslogs"}}, {"Name": "sidecar"}),
        ["Task.ContainerDefinitions.1.LogConfiguration"],
        id="sidecar",
    ),
]
UNKNOWN = [
    pytest.param(
        task({"LogConfiguration": {"Fn::If": ["Logs", {}, {"Ref": "AWS::NoValue"}]}}),
        PLACE,
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
