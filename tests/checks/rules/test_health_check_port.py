"""EB515. Regression: tg-dynamic-hcport."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.health_check_port import CHECK
from tests.checks.helpers import resource, verdict


def group(**properties: Any) -> dict[str, Any]:
    return {"Group": resource("AWS::ElasticLoadBalancingV2::TargetGroup", **properties)}


PLACE = ["Group.HealthCheckPort"]
GOOD = [
    pytest.param(group(HealthCheckPort="traffic-port"), id="traffic-port"),
    pytest.param(group(HealthCheckPort="8080"), id="port as text"),
    pytest.param(group(HealthCheckPort=8080), id="port"),
    pytest.param(group(TargetType="lambda"), id="a function has no port"),
    pytest.param(group(Protocol="GENEVE"), id="a gateway has another default"),
]
BAD = [
    pytest.param(group(), PLACE, id="left out"),
    pytest.param(group(HealthCheckPort=""), PLACE, id="empty"),
    pytest.param(group(HealthCheckPort="traffic_port"), PLACE, id="typing error"),
    pytest.param(group(HealthCheckPort="70000"), PLACE, id="no such port"),
    pytest.param(group(HealthCheckPort=0), PLACE, id="zero"),
]
UNKNOWN = [
    pytest.param(group(HealthCheckPort={"Ref": "Port"}), "Group.HealthCheckPort", id="value")
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
