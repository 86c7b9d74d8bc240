"""EB507."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.listener_attribute import CHECK
from tests.checks.helpers import resource, verdict

HSTS = "routing.http.response.strict_transport_security.header_value"


def listener(key: str, value: Any, balancer: Any = None, **properties: Any) -> dict[str, Any]:
    attributes = [{"Key": key, "Value": value}]
    properties.setdefault("Protocol", "HTTPS")
    listener = resource(
        "AWS::ElasticLoadBalancingV2::Listener",
        ListenerAttributes=attributes,
        LoadBalancerArn={"Ref": "Balancer"},
        **properties,
    )
    if balancer is None:
        return {"Listener": listener}
    kind = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    return {"Listener": listener, "Balancer": resource(kind, Type=balancer)}


KEY = "Listener.ListenerAttributes.0.Key"
VALUE = "Listener.ListenerAttributes.0.Value"
GOOD = [
    pytest.param(listener(HSTS, "max-age=31536000"), id="header"),
    pytest.param(listener(HSTS, {"Ref": "Header"}), id="any text"),
    pytest.param(listener("routing.http.response.server.enabled", value=False), id="switch"),
    pytest.param(listener("tcp.idle_timeout.seconds", "350", Protocol="TCP"), id="network"),
    pytest.param(listener("tcp.idle_timeout.seconds", 60, "gateway", Protocol=None), id="gateway"),
    pytest.param({"Listener": resource("AWS::ElasticLoadBalancingV2::Listener")}, id="none"),
]
BAD = [
    pytest.param(listener("routing.http.response.hsts.header_value", "x"), [KEY], id="unknown"),
    pytest.param(listener("routing.http.response.server.enabled", "off"), [VALUE], id="switch"),
    pytest.param(listener("tcp.idle_timeout.seconds", "59", Protocol="TCP"), [VALUE], id="range"),
    pytest.param(listener("tcp.idle_timeout.seconds", "350"), [KEY], id="network's, by protocol"),
    pytest.param(listener(HSTS, "x", "network"), [KEY], id="alb's, by load balancer"),
]
UNKNOWN = [
    pytest.param(
        listener("routing.http.response.server.enabled", {"Ref": "Server"}), VALUE, id="value"
    ),
    pytest.param(
        listener(HSTS, "x", {"Ref": "Type"}), "Listener.LoadBalancerArn", id="load balancer"
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
