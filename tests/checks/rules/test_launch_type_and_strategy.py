"""EB406."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.launch_type_and_strategy import CHECK
from tests.checks.helpers import resource, verdict


def service(**properties: Any) -> dict[str, Any]:
    return {"Service": resource("AWS::ECS::Service", **properties)}


STRATEGY = [{"CapacityProvider": "FARGATE", "Weight": 1}]
GOOD = [
    pytest.param(service(LaunchType="FARGATE"), id="launch type"),
    pytest.param(service(CapacityProviderStrategy=STRATEGY), id="strategy"),
    pytest.param(service(LaunchType="EC2", CapacityProviderStrategy=[]), id="empty strategy"),
    pytest.param(service(), id="neither"),
]
BAD = [
    pytest.param(
        service(LaunchType="FARGATE", CapacityProviderStrategy=STRATEGY),
        ["Service.LaunchType"],
        id="both",
    ),
    pytest.param(
        service(LaunchType={"Ref": "Launch"}, CapacityProviderStrategy=STRATEGY),
        ["Service.LaunchType"],
        id="both, whatever the type is",
    ),
]
UNKNOWN = [
    pytest.param(
        service(LaunchType="EC2", CapacityProviderStrategy={"Fn::If": ["Spot", [], []]}),
        "Service.CapacityProviderStrategy",
        id="strategy",
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
