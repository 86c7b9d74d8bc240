"""EB512."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.load_balancer_subnets import CHECK
from tests.checks.helpers import resource, verdict


def balancer(**properties: Any) -> dict[str, Any]:
    return {"Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", **properties)}


GOOD = [
    pytest.param(balancer(Subnets=["subnet-1", "subnet-2"]), id="two"),
    pytest.param(balancer(Subnets=[{"Ref": "A"}, {"Ref": "B"}]), id="two references"),
    pytest.param(
        balancer(SubnetMappings=[{"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}]), id="mapped"
    ),
    pytest.param(balancer(Type="network", Subnets=["subnet-1"]), id="network needs one"),
]
BAD = [
    pytest.param(balancer(Subnets=["subnet-1"]), ["Balancer.Subnets"], id="one"),
    pytest.param(balancer(Subnets="subnet-1"), ["Balancer.Subnets"], id="one as a text"),
    pytest.param(balancer(Subnets=["subnet-1"] * 2), ["Balancer.Subnets"], id="the same twice"),
    pytest.param(balancer(), ["Balancer.Subnets"], id="none"),
    pytest.param(
        balancer(SubnetMappings=[{"SubnetId": {"Ref": "A"}}]),
        ["Balancer.SubnetMappings"],
        id="one mapped",
    ),
    pytest.param(
        balancer(Subnets=["subnet-1", "subnet-2"], SubnetMappings=[{"SubnetId": "subnet-3"}]),
        ["Balancer.SubnetMappings"],
        id="both",
    ),
]
UNKNOWN = [pytest.param(balancer(Subnets={"Ref": "Subnets"}), "Balancer.Subnets", id="list")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
