"""EB502. Regression: lb-no-access-logs."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.access_logs import CHECK
from tests.checks.helpers import resource, verdict


def balancer(*attributes: tuple[str, Any], **properties: Any) -> dict[str, Any]:
    listed = [{"Key": key, "Value": value} for key, value in attributes]
    if listed:
        properties["LoadBalancerAttributes"] = listed
    return {"Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", **properties)}


def listener(protocol: str) -> dict[str, Any]:
    arn = {"Ref": "Balancer"}
    kind = "AWS::ElasticLoadBalancingV2::Listener"
    return {"Listener": resource(kind, Protocol=protocol, LoadBalancerArn=arn)}


ENABLED = "access_logs.s3.enabled"
BUCKET = ("access_logs.s3.bucket", {"Ref": "Logs"})
PLACE = ["Balancer.LoadBalancerAttributes"]
GOOD = [
    pytest.param(balancer((ENABLED, "true"), BUCKET), id="on"),
    pytest.param(balancer(BUCKET, (ENABLED, True)), id="a boolean becomes the text"),
    pytest.param(balancer(Type="gateway"), id="a gateway has none"),
    pytest.param({**balancer(Type="network"), **listener("TCP")}, id="network without TLS"),
]
BAD = [
    pytest.param(balancer(), PLACE, id="left out"),
    pytest.param(balancer((ENABLED, "false"), BUCKET), PLACE, id="off"),
    pytest.param(balancer((ENABLED, "true")), PLACE, id="on, without a bucket"),
    pytest.param({**balancer(Type="network"), **listener("TLS")}, PLACE, id="network with TLS"),
]
UNKNOWN = [
    pytest.param(
        balancer((ENABLED, {"Ref": "Logging"}), BUCKET),
        f"Balancer.LoadBalancerAttributes.{ENABLED}",
        id="value",
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
