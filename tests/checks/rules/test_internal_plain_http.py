"""EB509."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.internal_plain_http import CHECK
from tests.checks.helpers import resource, verdict

LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
FORWARD = {"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}
FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}


def redirect(**config: Any) -> dict[str, Any]:
    return {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **config}}


HTTPS = redirect(Protocol="HTTPS", Port="443")


def stack(
    *actions: Any, scheme: Any = "internal", protocol: Any = "HTTP", rule: Any = None
) -> dict[str, Any]:
    arn = {"Ref": "Balancer"}
    listener = resource(LISTENER, Protocol=protocol, LoadBalancerArn=arn, DefaultActions=[*actions])
    found = {"Listener": listener}
    if rule is not None:
        found["Rule"] = resource(RULE, ListenerArn={"Ref": "Listener"}, Actions=[rule])
    if scheme is not None:
        properties = {"Scheme": scheme} if scheme else {}
        kind = "AWS::ElasticLoadBalancingV2::LoadBalancer"
        found["Balancer"] = resource(kind, **properties)
    return found


PLACE = "Listener.DefaultActions.0"

GOOD = [
    pytest.param(stack(HTTPS), id="redirect"),
    pytest.param(stack(FIXED, rule=HTTPS), id="fixed response, rule with a redirect"),
    pytest.param(stack(FORWARD, protocol="HTTPS"), id="HTTPS"),
    pytest.param(stack(FORWARD, scheme="internet-facing"), id="public: EB508"),
]
BAD = [
    pytest.param(stack(FORWARD), [f"{PLACE}.Type"], id="forward"),
    pytest.param(stack(FORWARD, scheme=None), [f"{PLACE}.Type"], id="load balancer elsewhere"),
    pytest.param(
        stack(redirect(Port="8080")), [f"{PLACE}.RedirectConfig.Protocol"], id="to another port"
    ),
    pytest.param(stack(HTTPS, rule=FORWARD), ["Rule.Actions.0.Type"], id="rule"),
]
UNKNOWN = [
    pytest.param(stack(FORWARD, scheme={"Ref": "Scheme"}), "Listener.LoadBalancerArn", id="scheme"),
    pytest.param(stack({"Type": {"Ref": "T"}}), f"{PLACE}.Type", id="action"),
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
