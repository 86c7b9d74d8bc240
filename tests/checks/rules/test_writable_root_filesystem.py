"""EB302. Regression: td-rootfs-writable."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.writable_root_filesystem import CHECK
from tests.checks.helpers import resource, verdict


def task(*containers: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **properties
        )
    }


PLACE = "ContainerDefinitions.{}.ReadonlyRootFilesystem"
WINDOWS = {"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
GOOD = [
    pytest.param(task({"ReadonlyRootFilesystem": True}), id="true"),
    pytest.param(task({"ReadonlyRootFilesystem": "true"}), id="true as text"),
    pytest.param(task({"Name": "app"}, RuntimePlatform=WINDOWS), id="Windows cannot have it"),
    pytest.param(task(), id="no containers"),
    pytest.param({"Task": {"Type": "AWS::ECS::TaskDefinition"}}, id="no properties"),
]
BAD = [
    pytest.param(task({"Name": "app"}), [f"Task.{PLACE.format(0)}"], id="left out"),
    pytest.param(task({"ReadonlyRootFilesystem": False}), [f"Task.{PLACE.format(0)}"], id="false"),
    pytest.param(
        task({"ReadonlyRootFilesystem": True}, {"Name": "sidecar"}),
        [f"Task.{PLACE.format(1)}"],
        id="sidecar",
    ),
    pytest.param(
        task({}, RuntimePlatform={"OperatingSystemFamily": "LINUX"}),
        [f"Task.{PLACE.format(0)}"],
        id="Linux in writing",
    ),
    pytest.param(
        {"Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions={"Name": "app"})},
        [f"Task.{PLACE.format(0)}"],
        id="one container without a list",
    ),
]
UNKNOWN = [
    pytest.param(
        task({"ReadonlyRootFilesystem": {"Ref": "ReadOnly"}}),
        f"Task.{PLACE.format(0)}",
        id="value",
    ),
    pytest.param(
        task({"Fn::If": ["WithSidecar", {"Name": "a"}, {"Name": "b"}]}),
        "Task.ContainerDefinitions.0",
        id="whole container",
    ),
    pytest.param(
        task({"Name": "app"}, RuntimePlatform={"OperatingSystemFamily": {"Ref": "System"}}),
        "Task.RuntimePlatform.OperatingSystemFamily",
        id="operating system",
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


def test_one_unknown_container_does_not_hide_the_next() -> None:
    resources = task({"ReadonlyRootFilesystem": {"Ref": "ReadOnly"}}, {"Name": "sidecar"})

    assert verdict(CHECK, resources) == (
        [f"Task.{PLACE.format(1)}"],
        [f"Task.{PLACE.format(0)}"],
    )
