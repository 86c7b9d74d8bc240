"""EB523."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.listener_protocol import CHECK
from tests.checks.helpers import resource, verdict

KIND = "AWS::ElasticLoadBalancingV2::{}"


def stack(
    listener: Any, group: Any, balancer: Any = None, *, rule: bool = False, **target: Any
) -> dict[str, Any]:
    actions = [{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}]
    arn = {"LoadBalancerArn": {"Ref": "Balancer"}, "Protocol": listener}
    defaults = {} if rule else {"DefaultActions": actions}
    protocol = {} if group is None else {"Protocol": group}
    found = {
        "Listener": resource(KIND.format("Listener"), **arn, **defaults),
        "Group": resource(KIND.format("TargetGroup"), **protocol, **target),
    }
    if rule:
        of = {"Ref": "Listener"}
        found["Rule"] = resource(KIND.format("ListenerRule"), ListenerArn=of, Actions=actions)
    if balancer is not None:
        found["Balancer"] = resource(KIND.format("LoadBalancer"), Type=balancer)
    return found


PLACE = "Listener.DefaultActions.0.TargetGroupArn"
GOOD = [
    pytest.param(stack("HTTPS", "HTTP", "application"), id="application"),
    pytest.param(stack("HTTP", "HTTPS"), id="to HTTPS"),
    pytest.param(stack("TCP", "TCP", "network"), id="network"),
    pytest.param(stack("TLS", "TCP"), id="TLS ends at the balancer"),
    pytest.param(stack("UDP", "TCP_UDP"), id="UDP"),
    pytest.param(stack("HTTPS", None, TargetType="lambda"), id="function"),
    pytest.param(stack("HTTPS", "HTTP", "application", rule=True), id="rule"),
    pytest.param(stack(None, "GENEVE", "gateway"), id="a gateway's listener has no protocol"),
    pytest.param(
        {"Rule": resource(KIND.format("ListenerRule"), ListenerArn="arn:aws:elb")}, id="elsewhere"
    ),
]
BAD = [
    pytest.param(stack("HTTPS", "TCP"), [PLACE], id="HTTPS to TCP"),
    pytest.param(stack("TCP", "HTTP"), [PLACE], id="TCP to HTTP"),
    pytest.param(stack("TCP", "UDP"), [PLACE], id="TCP to UDP"),
    pytest.param(stack("TCP_UDP", "TCP"), [PLACE], id="TCP_UDP to TCP"),
    pytest.param(stack("TCP", None, TargetType="lambda"), [PLACE], id="TCP to a function"),
    pytest.param(stack("HTTP", "GENEVE", rule=True), ["Rule.Actions.0.TargetGroupArn"], id="rule"),
    pytest.param(stack("TCP", "TCP", "application"), ["Listener.Protocol"], id="alb with TCP"),
    pytest.param(stack("HTTPS", "HTTPS", "network"), ["Listener.Protocol"], id="nlb with HTTPS"),
]
UNKNOWN = [
    pytest.param(stack({"Ref": "Protocol"}, "HTTP"), "Listener.Protocol", id="listener"),
    pytest.param(stack("HTTP", {"Ref": "Protocol"}), PLACE, id="target group"),
    pytest.param(
        stack("HTTP", "HTTP", {"Ref": "Type"}), "Listener.LoadBalancerArn", id="load balancer"
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
