"""EB410."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.service_before_listener import CHECK
from tests.checks.helpers import resource, verdict

TARGET = {"TargetGroupArn": {"Ref": "Group"}}
FORWARD = {"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}
WEIGHTED = {"Type": "forward", "ForwardConfig": {"TargetGroups": [TARGET]}}
LISTENER = resource("AWS::ElasticLoadBalancingV2::Listener", DefaultActions=[FORWARD])
RULE = resource("AWS::ElasticLoadBalancingV2::ListenerRule", Actions=[WEIGHTED])


def stack(
    *needs: str, target: Any = TARGET["TargetGroupArn"], **others: dict[str, Any]
) -> dict[str, Any]:
    service = resource("AWS::ECS::Service", LoadBalancers=[{"TargetGroupArn": target}])
    if needs:
        service["DependsOn"] = list(needs)
    group = resource("AWS::ElasticLoadBalancingV2::TargetGroup")
    return {"Service": service, "Group": group, **others}


def via(name: str) -> dict[str, Any]:
    return resource("AWS::CloudWatch::Alarm", AlarmName={"Fn::Sub": "${" + name + ".RuleArn}-x"})


PLACE = ["Service.DependsOn"]
GOOD = [
    pytest.param(stack("Listener", Listener=LISTENER), id="listener"),
    pytest.param(stack("Rule", Rule=RULE), id="rule"),
    pytest.param(stack("Alarm", Alarm=via("Rule"), Rule=RULE), id="over a third resource"),
    pytest.param(stack("Rule", Rule=RULE, Listener=LISTENER), id="one of two is enough"),
    pytest.param(stack(), id="nothing here forwards to it"),
    pytest.param(stack(target="arn:aws:elb", Rule=RULE), id="target group elsewhere"),
    pytest.param({"Service": resource("AWS::ECS::Service")}, id="no load balancer"),
    pytest.param({**stack("Listener", Listener=LISTENER), "Odd": {"DependsOn": 7}}, id="odd"),
]
BAD = [
    pytest.param(stack(Listener=LISTENER), PLACE, id="listener"),
    pytest.param(stack(Rule=RULE), PLACE, id="rule"),
    pytest.param(stack("Group", Rule=RULE), PLACE, id="waits for something else"),
]
UNKNOWN = [
    pytest.param(
        stack(target={"Fn::If": ["Blue", {"Ref": "Group"}, {"Ref": "Other"}]}, Rule=RULE),
        "Service.LoadBalancers.0.TargetGroupArn",
        id="target group",
    ),
    pytest.param(
        stack(Listener=resource(LISTENER["Type"], DefaultActions={"Fn::If": ["A", [], []]})),
        "Service.LoadBalancers.0.TargetGroupArn",
        id="the only listener",
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


def test_a_single_depends_on_is_a_text() -> None:
    resources = stack(Rule=RULE)
    resources["Service"]["DependsOn"] = "Rule"

    assert verdict(CHECK, resources) == ([], [])


def test_a_reference_to_the_rule_counts() -> None:
    resources = stack(Rule=RULE)
    blue_green = {"ProductionListenerRule": {"Ref": "Rule"}}
    resources["Service"]["Properties"]["LoadBalancers"][0]["AdvancedConfiguration"] = blue_green

    assert verdict(CHECK, resources) == ([], [])
