"""EB403. Regression: svc-exec-enabled."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.exec_enabled import CHECK
from tests.checks.helpers import resource, verdict


def service(**properties: Any) -> dict[str, Any]:
    return {"Service": resource("AWS::ECS::Service", **properties)}


PLACE = "Service.EnableExecuteCommand"
GOOD = [
    pytest.param(service(), id="left out"),
    pytest.param(service(EnableExecuteCommand=False), id="false"),
    pytest.param(service(EnableExecuteCommand="false"), id="false as text"),
]
BAD = [
    pytest.param(service(EnableExecuteCommand=True), [PLACE], id="true"),
    pytest.param(service(EnableExecuteCommand="true"), [PLACE], id="true as text"),
]
UNKNOWN = [pytest.param(service(EnableExecuteCommand={"Ref": "Exec"}), PLACE, id="value")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
