"""EB413."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.zone_rebalancing import CHECK
from tests.checks.helpers import resource, verdict


def service(**properties: Any) -> dict[str, Any]:
    return {"Service": resource("AWS::ECS::Service", **properties)}


ENABLED: dict[str, Any] = {"AvailabilityZoneRebalancing": "ENABLED"}
MAXIMUM = "DeploymentConfiguration.MaximumPercent"
SPREAD = {"Type": "spread", "Field": "attribute:ecs.availability-zone"}
BINPACK = {"Type": "binpack", "Field": "memory"}


def percent(maximum: Any) -> dict[str, Any]:
    return {"DeploymentConfiguration": {"MaximumPercent": maximum}}


GOOD = [
    pytest.param(service(**ENABLED), id="200 is the default"),
    pytest.param(service(**ENABLED, **percent("150")), id="room"),
    pytest.param(service(**percent(100)), id="only where it is compatible"),
    pytest.param(service(AvailabilityZoneRebalancing="DISABLED", **percent(100)), id="disabled"),
    pytest.param(service(**ENABLED, PlacementStrategies=[SPREAD, BINPACK]), id="spread first"),
]
BAD = [
    pytest.param(service(**ENABLED, **percent(100)), [f"Service.{MAXIMUM}"], id="no room"),
    pytest.param(
        service(**ENABLED, SchedulingStrategy="DAEMON"),
        ["Service.AvailabilityZoneRebalancing"],
        id="daemon",
    ),
    pytest.param(
        service(**ENABLED, PlacementStrategies=[BINPACK, SPREAD]),
        ["Service.PlacementStrategies.0"],
        id="spread second",
    ),
    pytest.param(
        service(**ENABLED, LoadBalancers=[{"LoadBalancerName": "classic"}]),
        ["Service.AvailabilityZoneRebalancing"],
        id="classic",
    ),
]
UNKNOWN = [
    pytest.param(
        service(**ENABLED, **percent({"Ref": "Maximum"})), f"Service.{MAXIMUM}", id="maximum"
    ),
    pytest.param(
        service(AvailabilityZoneRebalancing={"Ref": "Rebalancing"}),
        "Service.AvailabilityZoneRebalancing",
        id="setting",
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
