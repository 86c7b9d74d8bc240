"""EB304. Regression: td-host-pid."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.host_namespace import CHECK
from tests.checks.helpers import resource, verdict


def task(*containers: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **properties
        )
    }


GOOD = [
    pytest.param(task(), id="left out"),
    pytest.param(task(PidMode="task", IpcMode="task"), id="task"),
    pytest.param(task(IpcMode="none"), id="none"),
]
BAD = [
    pytest.param(task(PidMode="host"), ["Task.PidMode"], id="pid"),
    pytest.param(task(IpcMode="host"), ["Task.IpcMode"], id="ipc"),
    pytest.param(task(PidMode="host", IpcMode="host"), ["Task.PidMode", "Task.IpcMode"], id="both"),
]
UNKNOWN = [pytest.param(task(PidMode={"Ref": "PidMode"}), "Task.PidMode", id="value")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
