"""EB301. Regression: td-privileged."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.privileged_container import CHECK
from tests.checks.helpers import resource, verdict


def task(*containers: Any) -> dict[str, Any]:
    return {"Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers))}


GOOD = [
    pytest.param(task({"Name": "app"}), id="left out"),
    pytest.param(task({"Name": "app", "Privileged": False}), id="false"),
    pytest.param(task({"Name": "app", "Privileged": "false"}), id="false as text"),
    pytest.param({"Topic": resource("AWS::SNS::Topic")}, id="no task definition"),
]
BAD = [
    pytest.param(task({"Privileged": True}), "Task.ContainerDefinitions.0.Privileged", id="true"),
    pytest.param(
        task({}, {"Privileged": "true"}),
        "Task.ContainerDefinitions.1.Privileged",
        id="second container, true as text",
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "place"), BAD)
def test_bad(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([place], [])


def test_unknown() -> None:
    resources = task({"Privileged": {"Ref": "Privileged"}})

    assert verdict(CHECK, resources) == ([], ["Task.ContainerDefinitions.0.Privileged"])
