"""EB513."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import Platform
from ecs_blocks.checks.rules.public_balancer_subnets import CHECK
from tests.checks.helpers import resource, verdict

PLATFORM = Platform(frozenset({"subnet-public"}), frozenset({"subnet-private"}))
KIND = "AWS::ElasticLoadBalancingV2::LoadBalancer"


def balancer(scheme: Any, *subnets: Any, **properties: Any) -> dict[str, Any]:
    if scheme:
        properties["Scheme"] = scheme
    return {"Balancer": resource(KIND, Subnets=list(subnets), **properties)}


MAPPED = {"SubnetMappings": [{"SubnetId": "subnet-private"}]}
GOOD = [
    pytest.param(balancer("internet-facing", "subnet-public"), id="public"),
    pytest.param(balancer("internal", "subnet-private"), id="internal"),
    pytest.param(balancer("internet-facing"), id="no subnets"),
    pytest.param(balancer("", "subnet-private", Type="gateway"), id="a gateway has no scheme"),
]
BAD = [
    pytest.param(
        balancer("internet-facing", "subnet-public", "subnet-private"),
        ["Balancer.Subnets.1"],
        id="private",
    ),
    pytest.param(
        balancer("internet-facing", **MAPPED), ["Balancer.SubnetMappings.0.SubnetId"], id="mapped"
    ),
    pytest.param(balancer("", "subnet-private"), ["Balancer.Subnets.0"], id="default scheme"),
]
UNKNOWN = [
    pytest.param(balancer("internet-facing", {"Ref": "Subnet"}), "Balancer.Subnets.0", id="value"),
    pytest.param(
        balancer("internet-facing", "subnet-other"), "Balancer.Subnets.0", id="not the platform's"
    ),
    pytest.param(balancer({"Ref": "Scheme"}, "subnet-private"), "Balancer.Scheme", id="scheme"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources, PLATFORM) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources, PLATFORM) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources, PLATFORM) == ([], [place])


def test_not_checked_without_a_platform() -> None:
    resources = balancer("internet-facing", "subnet-private")

    assert verdict(CHECK, resources) == ([], ["Balancer.Subnets.0"])
