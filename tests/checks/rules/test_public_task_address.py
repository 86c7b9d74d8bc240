"""EB401. Regression: svc-public-ip."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.public_task_address import CHECK
from tests.checks.helpers import resource, verdict


def service(assign: Any) -> dict[str, Any]:
    network = {"AwsvpcConfiguration": {"AssignPublicIp": assign}}
    return {"Service": resource("AWS::ECS::Service", NetworkConfiguration=network)}


PLACE = "Service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"
GOOD = [
    pytest.param(service("DISABLED"), id="disabled"),
    pytest.param({"Service": resource("AWS::ECS::Service")}, id="no network"),
    pytest.param(
        {"Service": resource("AWS::ECS::Service", NetworkConfiguration="none")}, id="a text"
    ),
]
BAD = [pytest.param(service("ENABLED"), [PLACE], id="enabled")]
UNKNOWN = [pytest.param(service({"Ref": "Assign"}), PLACE, id="value")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
