"""EB524."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.health_check_timeout import CHECK
from tests.checks.helpers import resource, verdict

TIMEOUT = "HealthCheckTimeoutSeconds"
INTERVAL = "HealthCheckIntervalSeconds"


def group(protocol: Any = "HTTP", **more: Any) -> dict[str, Any]:
    return {
        "Group": resource("AWS::ElasticLoadBalancingV2::TargetGroup", Protocol=protocol, **more)
    }


def times(interval: Any, timeout: Any) -> dict[str, Any]:
    return {INTERVAL: interval, TIMEOUT: timeout}


GOOD = [
    pytest.param(group(), id="defaults"),
    pytest.param(group(**times(10, 9)), id="below"),
    pytest.param(group(**times("10", "5")), id="text"),
    pytest.param(group(**{INTERVAL: 6}), id="above the default timeout"),
    pytest.param(group(**{TIMEOUT: 29}), id="below the default interval"),
    pytest.param(group("TCP", **times(10, 10)), id="equal at a Network Load Balancer"),
    pytest.param(group("TCP", **{INTERVAL: 10}), id="equal to its default"),
    pytest.param(group("TCP", HealthCheckProtocol="HTTP", **{INTERVAL: 6}), id="TCP by HTTP"),
    pytest.param(group("GENEVE", **{TIMEOUT: 9}), id="gateway"),
    pytest.param(group(None, TargetType="lambda", **{TIMEOUT: 31}), id="function"),
]
BAD = [
    pytest.param(group(**times(10, 10)), [f"Group.{TIMEOUT}"], id="equal"),
    pytest.param(group(**times("10", 11)), [f"Group.{TIMEOUT}"], id="above"),
    pytest.param(group("TCP", **times(10, 11)), [f"Group.{TIMEOUT}"], id="above, TCP"),
    pytest.param(group("HTTPS", **{INTERVAL: 5}), [f"Group.{INTERVAL}"], id="default timeout"),
    pytest.param(group("TCP", **{INTERVAL: 5}), [f"Group.{INTERVAL}"], id="default of TCP"),
    pytest.param(group(**{TIMEOUT: 30}), [f"Group.{TIMEOUT}"], id="default interval"),
    pytest.param(
        group(None, TargetType="lambda", **times(30, 30)), [f"Group.{TIMEOUT}"], id="function"
    ),
]
UNKNOWN = [
    pytest.param(group(**times(10, {"Ref": "T"})), [f"Group.{TIMEOUT}"], id="timeout"),
    pytest.param(group(**times({"Ref": "I"}, 5)), [f"Group.{INTERVAL}"], id="interval"),
    pytest.param(group({"Ref": "P"}, **times(10, 10)), ["Group.Protocol"], id="protocol"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
