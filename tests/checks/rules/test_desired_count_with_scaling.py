"""EB411."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.desired_count_with_scaling import CHECK
from tests.checks.helpers import resource, verdict

SCALABLE = "AWS::ApplicationAutoScaling::ScalableTarget"


def stack(resource_id: Any, **service: Any) -> dict[str, Any]:
    return {
        "Service": resource("AWS::ECS::Service", **service),
        "Scaling": resource(SCALABLE, ResourceId=resource_id),
    }


SUB = {"Fn::Sub": "service/${Cluster}/${Service.Name}"}
JOIN = {"Fn::Join": ["/", ["service", "default", {"Fn::GetAtt": ["Service", "Name"]}]]}
PLACE = ["Service.DesiredCount"]
GOOD = [
    pytest.param(stack(SUB), id="left out"),
    pytest.param({"Service": resource("AWS::ECS::Service", DesiredCount=2)}, id="no scaling"),
    pytest.param(stack("service/default/other", DesiredCount=2), id="scaling of another"),
    pytest.param(
        stack("service/default/my-hoge", DesiredCount=2, ServiceName="hoge"), id="longer name"
    ),
]
BAD = [
    pytest.param(stack(SUB, DesiredCount=2), PLACE, id="Sub"),
    pytest.param(stack(JOIN, DesiredCount="2"), PLACE, id="Join"),
    pytest.param(stack(SUB, DesiredCount=0), PLACE, id="zero is a count"),
    pytest.param(stack(SUB, DesiredCount={"Ref": "Count"}), PLACE, id="whatever the count is"),
    pytest.param(
        stack("service/default/hoge", DesiredCount=2, ServiceName="hoge"), PLACE, id="by name"
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])
