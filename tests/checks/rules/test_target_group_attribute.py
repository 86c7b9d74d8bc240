"""EB506."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.target_group_attribute import CHECK
from tests.checks.helpers import resource, verdict


def group(key: str, value: Any, **properties: Any) -> dict[str, Any]:
    properties.setdefault("Protocol", "HTTP")
    attributes = [{"Key": key, "Value": value}]
    return {
        "Group": resource(
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            TargetGroupAttributes=attributes,
            **properties,
        )
    }


KEY = "Group.TargetGroupAttributes.0.Key"
VALUE = "Group.TargetGroupAttributes.0.Value"
DELAY = "deregistration_delay.timeout_seconds"
COUNT = "target_group_health.dns_failover.minimum_healthy_targets.count"
GOOD = [
    pytest.param(group(DELAY, "30"), id="delay"),
    pytest.param(group(DELAY, 0), id="no delay"),
    pytest.param(group("slow_start.duration_seconds", "0"), id="no slow start"),
    pytest.param(group("slow_start.duration_seconds", 30), id="slow start"),
    pytest.param(group("stickiness.type", "lb_cookie"), id="stickiness"),
    pytest.param(group("stickiness.type", "source_ip", Protocol="TCP"), id="of a network"),
    pytest.param(group(COUNT, "off"), id="off"),
    pytest.param(group(COUNT, 12), id="count"),
    pytest.param(group("preserve_client_ip.enabled", "true", Protocol="TCP"), id="network"),
    pytest.param(
        group("lambda.multi_value_headers.enabled", "true", Protocol=None, TargetType="lambda"),
        id="function",
    ),
    pytest.param({"Group": resource("AWS::ElasticLoadBalancingV2::TargetGroup")}, id="none"),
]
BAD = [
    pytest.param(group("deregistration_delay.seconds", "30"), [KEY], id="typing error"),
    pytest.param(group(DELAY, "3601"), [VALUE], id="too much"),
    pytest.param(group(DELAY, "-1"), [VALUE], id="negative"),
    pytest.param(group("slow_start.duration_seconds", "10"), [VALUE], id="between 0 and 30"),
    pytest.param(group("load_balancing.algorithm.type", "random"), [VALUE], id="word"),
    pytest.param(group("preserve_client_ip.enabled", "true"), [KEY], id="a network's attribute"),
    pytest.param(group("slow_start.duration_seconds", 30, Protocol="TCP"), [KEY], id="alb's"),
    pytest.param(group("stickiness.type", "source_ip"), [VALUE], id="a network's stickiness"),
    pytest.param(group(COUNT, "0"), [VALUE], id="no targets"),
    pytest.param(group(DELAY, 30, Protocol=None, TargetType="lambda"), [KEY], id="function"),
]
UNKNOWN = [
    pytest.param(group(DELAY, {"Ref": "Delay"}), VALUE, id="value"),
    pytest.param(group(DELAY, 30, Protocol={"Ref": "Protocol"}), "Group.Protocol", id="protocol"),
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
