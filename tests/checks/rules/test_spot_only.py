"""EB414."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.spot_only import CHECK
from tests.checks.helpers import resource, verdict


def service(*strategy: Any) -> dict[str, Any]:
    return {"Service": resource("AWS::ECS::Service", CapacityProviderStrategy=list(strategy))}


def provider(name: Any, **numbers: Any) -> dict[str, Any]:
    return {"CapacityProvider": name, **numbers}


SPOT = provider("FARGATE_SPOT", Weight=4)
PLACE = ["Service.CapacityProviderStrategy"]
GOOD = [
    pytest.param(service(provider("FARGATE", Base=1, Weight=1), SPOT), id="base on FARGATE"),
    pytest.param(service(provider("FARGATE", Base=1), SPOT), id="base without weight"),
    pytest.param(service(provider("FARGATE", Weight="1"), SPOT), id="weight only"),
    pytest.param(service(provider("FARGATE")), id="FARGATE alone"),
    pytest.param(service(provider("instances", Weight=1), SPOT), id="beside EC2"),
    pytest.param(service(), id="empty"),
    pytest.param({"Service": resource("AWS::ECS::Service")}, id="no strategy"),
]
BAD = [
    pytest.param(service(SPOT), PLACE, id="alone"),
    pytest.param(service(provider("FARGATE_SPOT")), PLACE, id="alone, without weight"),
    pytest.param(service(provider("FARGATE", Weight=0), SPOT), PLACE, id="FARGATE gets nothing"),
]
UNKNOWN = [
    pytest.param(
        service(provider({"Ref": "Provider"}, Weight=1), SPOT),
        "Service.CapacityProviderStrategy.0.CapacityProvider",
        id="provider",
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
