"""EB525."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.rule_priority import CHECK
from tests.checks.helpers import resource, verdict

RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
OUTSIDE = {"Ref": "Outside"}
OURS = {"Ref": "Listener"}
IMPORTED = {"Fn::ImportValue": "listener"}
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/1/2"


def rules(*given: tuple[Any, Any]) -> dict[str, Any]:
    listed = {
        f"Rule{index}": resource(RULE, ListenerArn=listener, Priority=priority)
        for index, (listener, priority) in enumerate(given)
    }
    listeners = ("Listener", "Other")
    return listed | {one: resource("AWS::ElasticLoadBalancingV2::Listener") for one in listeners}


def on_condition(*names: str) -> dict[str, Any]:
    found = rules(*((OURS, 1) for _ in names))
    for index, name in enumerate(names):
        found[f"Rule{index}"]["Condition"] = name
    return found


PLACE = ["Rule1.Priority"]
GOOD = [
    pytest.param(rules((OURS, 1)), id="one"),
    pytest.param(rules((OURS, 1), (OURS, 2)), id="two"),
    pytest.param(rules((OURS, 1), ({"Ref": "Other"}, 1)), id="another listener"),
    pytest.param(rules((ARN, 1), (f"{ARN}0", 1)), id="another by ARN"),
    pytest.param(rules((None, 1), (None, 1)), id="no listener"),
    pytest.param(rules((OURS, OUTSIDE)), id="alone"),
    pytest.param(rules((OURS, None), (OURS, None)), id="no priority"),
]
BAD = [
    pytest.param(rules((OURS, 1), (OURS, 1)), PLACE, id="the same"),
    pytest.param(
        rules((OURS, 1), ({"Fn::GetAtt": ["Listener", "ListenerArn"]}, "1")), PLACE, id="2"
    ),
    pytest.param(rules((ARN, 1), (ARN, 1)), PLACE, id="by ARN"),
    pytest.param(rules((IMPORTED, 1), (IMPORTED, 1)), PLACE, id="of another stack"),
    pytest.param(rules((OUTSIDE, 1), ({"Fn::Sub": "${Outside}"}, 1)), PLACE, id="by a parameter"),
    pytest.param(on_condition("A", "A"), PLACE, id="on the same condition"),
]
UNKNOWN = [
    pytest.param(rules((OURS, 1), (OURS, OUTSIDE)), PLACE, id="from outside"),
    pytest.param(rules((OURS, OUTSIDE), (OURS, 1)), PLACE, id="that of the other"),
    pytest.param(on_condition("A", "B"), PLACE, id="perhaps never both"),
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
