"""EB514."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import Platform
from ecs_blocks.checks.rules.internal_balancer_subnets import CHECK
from tests.checks.helpers import resource, verdict

PLATFORM = Platform(frozenset({"subnet-public"}), frozenset({"subnet-private"}))
KIND = "AWS::ElasticLoadBalancingV2::LoadBalancer"


def balancer(scheme: Any, *subnets: Any, **properties: Any) -> dict[str, Any]:
    if scheme:
        properties["Scheme"] = scheme
    return {"Balancer": resource(KIND, Subnets=list(subnets), **properties)}


MAPPED = {"SubnetMappings": [{"SubnetId": "subnet-public"}]}
GOOD = [
    pytest.param(balancer("internal", "subnet-private"), id="private"),
    pytest.param(balancer("internet-facing", "subnet-public"), id="internet-facing"),
    pytest.param(balancer("internal"), id="no subnets"),
    pytest.param(balancer("", "subnet-public", Type="gateway"), id="a gateway has no scheme"),
]
BAD = [
    pytest.param(
        balancer("internal", "subnet-private", "subnet-public"),
        ["Balancer.Subnets.1"],
        id="public",
    ),
    pytest.param(
        balancer("internal", **MAPPED), ["Balancer.SubnetMappings.0.SubnetId"], id="mapped"
    ),
]
UNKNOWN = [
    pytest.param(balancer("internal", {"Ref": "Subnet"}), "Balancer.Subnets.0", id="value"),
    pytest.param(
        balancer("internal", "subnet-other"), "Balancer.Subnets.0", id="not the platform's"
    ),
    pytest.param(balancer({"Ref": "Scheme"}, "subnet-public"), "Balancer.Scheme", id="scheme"),
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
    resources = balancer("internal", "subnet-public")

    assert verdict(CHECK, resources) == ([], ["Balancer.Subnets.0"])
