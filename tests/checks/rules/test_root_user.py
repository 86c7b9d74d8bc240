"""EB303. Regression: td-root-user."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.root_user import CHECK
from tests.checks.helpers import resource, verdict


def task(*containers: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **properties
        )
    }


PLACE = "Task.ContainerDefinitions.0.User"
WINDOWS = {"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
GOOD = [
    pytest.param(task({"User": "app"}), id="name"),
    pytest.param(task({"User": "1000"}), id="number as text"),
    pytest.param(task({"User": 1000}), id="number"),
    pytest.param(task({"User": "1000:0"}), id="group root is not the user"),
    pytest.param(task({"User": "²"}), id="a digit that is no number"),
    pytest.param(task({"User": "rootless"}), id="name that begins with root"),
    pytest.param(task({"Name": "app"}, RuntimePlatform=WINDOWS), id="Windows has no User"),
]
BAD = [
    pytest.param(task({"Name": "app"}), [PLACE], id="left out"),
    pytest.param(task({"User": ""}), [PLACE], id="empty"),
    pytest.param(task({"User": "root"}), [PLACE], id="root"),
    pytest.param(task({"User": "root:app"}), [PLACE], id="root with a group"),
    pytest.param(task({"User": "0"}), [PLACE], id="0"),
    pytest.param(task({"User": 0}), [PLACE], id="0 as a number"),
    pytest.param(task({"User": "0:0"}), [PLACE], id="0:0"),
    pytest.param(
        task({"User": "app"}, {"Name": "envoy-sidecar"}),
        ["Task.ContainerDefinitions.1.User"],
        id="a sidecar is no exception",
    ),
]
UNKNOWN = [pytest.param(task({"User": {"Ref": "User"}}), PLACE, id="value")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
