"""EB505."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import Template
from ecs_blocks.checks.rules.load_balancer_attribute import CHECK
from ecs_blocks.checks.run import judge
from tests.checks.helpers import resource, verdict


def balancer(*attributes: tuple[str, Any], **properties: Any) -> dict[str, Any]:
    listed = [{"Key": key, "Value": value} for key, value in attributes]
    if listed:
        properties["LoadBalancerAttributes"] = listed
    return {"Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", **properties)}


KEY = "Balancer.LoadBalancerAttributes.0.Key"
VALUE = "Balancer.LoadBalancerAttributes.0.Value"
GOOD = [
    pytest.param(balancer(("idle_timeout.timeout_seconds", "60")), id="number as text"),
    pytest.param(balancer(("idle_timeout.timeout_seconds", 60)), id="number"),
    pytest.param(balancer(("routing.http2.enabled", True)), id="boolean"),
    pytest.param(balancer(("routing.http.desync_mitigation_mode", "strictest")), id="word"),
    pytest.param(balancer(("access_logs.s3.bucket", {"Ref": "Logs"})), id="any bucket"),
    pytest.param(balancer(("secondary_ips.auto_assigned.per_subnet", 0), Type="network"), id="nlb"),
    pytest.param(balancer(("deletion_protection.enabled", "true"), Type="gateway"), id="gateway"),
    pytest.param(balancer(), id="none"),
]
BAD = [
    pytest.param(balancer(("idle_timeout.timeout_second", "60")), [KEY], id="typing error"),
    pytest.param(balancer(("", "60")), [KEY], id="empty key"),
    pytest.param(balancer(("idle_timeout.timeout_seconds", "4001")), [VALUE], id="too much"),
    pytest.param(balancer(("idle_timeout.timeout_seconds", "0")), [VALUE], id="too little"),
    pytest.param(balancer(("client_keep_alive.seconds", "1h")), [VALUE], id="no number"),
    pytest.param(balancer(("routing.http2.enabled", "on")), [VALUE], id="no boolean"),
    pytest.param(balancer(("routing.http.xff_header_processing.mode", "drop")), [VALUE], id="word"),
    pytest.param(balancer(("idle_timeout.timeout_seconds", 60), Type="network"), [KEY], id="alb's"),
    pytest.param(balancer(("secondary_ips.auto_assigned.per_subnet", 1)), [KEY], id="nlb's"),
    pytest.param(
        balancer(("slow_start.duration_seconds", "30")), [KEY], id="a target group's attribute"
    ),
]
UNKNOWN = [
    pytest.param(balancer(("routing.http2.enabled", {"Ref": "Http2"})), VALUE, id="value"),
    pytest.param(
        balancer(("idle_timeout.timeout_seconds", 60), Type={"Ref": "Type"}),
        "Balancer.Type",
        id="type",
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


def test_the_message_names_the_nearest_attribute() -> None:
    resources = balancer(("idle_timeout.seconds", "60"))
    (finding,) = judge(Template({"Resources": resources}), [CHECK]).findings

    assert finding.message.endswith("did you mean idle_timeout.timeout_seconds?")
