"""EB501. Regression: lb-no-drop-headers; a boolean (lb-drop-headers-as-bool) is good."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.invalid_headers import CHECK
from ecs_blocks.checks.views.balancers import LOAD_BALANCER
from tests.checks.helpers import resource, verdict


def balancer(*attributes: tuple[str, Any], **properties: Any) -> dict[str, Any]:
    listed = [{"Key": key, "Value": value} for key, value in attributes]
    if listed:
        properties["LoadBalancerAttributes"] = listed
    return {"Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", **properties)}


KEY = "routing.http.drop_invalid_header_fields.enabled"
PLACE = ["Balancer.LoadBalancerAttributes"]
GOOD = [
    pytest.param(balancer((KEY, "true")), id="true"),
    pytest.param(balancer((KEY, True)), id="a boolean becomes the text"),
    pytest.param(balancer(("idle_timeout.timeout_seconds", "60"), (KEY, "true")), id="second"),
    pytest.param(balancer(Type="network"), id="a network load balancer has no headers"),
]
BAD = [
    pytest.param(balancer(), PLACE, id="no attributes"),
    pytest.param(balancer(("idle_timeout.timeout_seconds", "60")), PLACE, id="left out"),
    pytest.param(balancer((KEY, "false")), PLACE, id="false"),
    pytest.param(balancer((KEY, "yes")), PLACE, id="not a boolean"),
    pytest.param(
        {"Balancer": resource(LOAD_BALANCER, LoadBalancerAttributes=["on", 7])}, PLACE, id="odd"
    ),
]
UNKNOWN = [
    pytest.param(
        balancer((KEY, {"Ref": "Value"})), f"Balancer.LoadBalancerAttributes.{KEY}", id="value"
    ),
    pytest.param(
        {"Balancer": resource(LOAD_BALANCER, LoadBalancerAttributes=[{"Fn::If": ["On", {}, {}]}])},
        "Balancer.LoadBalancerAttributes.0",
        id="whole attribute",
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
