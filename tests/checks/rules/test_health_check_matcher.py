"""EB517."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.health_check_matcher import CHECK
from tests.checks.helpers import resource, verdict


def group(**properties: Any) -> dict[str, Any]:
    return {"Group": resource("AWS::ElasticLoadBalancingV2::TargetGroup", **properties)}


PLACE = ["Group.Matcher"]
GOOD = [
    pytest.param(group(Protocol="HTTP", Matcher={"HttpCode": "200"}), id="HTTP"),
    pytest.param(group(Protocol="HTTP", Matcher={"GrpcCode": "0"}), id="gRPC"),
    pytest.param(group(Protocol="HTTPS", Matcher={"Ref": "Matcher"}), id="a reference"),
    pytest.param(group(Protocol="TCP"), id="TCP has no codes"),
    pytest.param(group(TargetType="lambda"), id="a function has no protocol"),
]
BAD = [
    pytest.param(group(Protocol="HTTP"), PLACE, id="left out"),
    pytest.param(group(Protocol="HTTPS", Matcher={}), PLACE, id="empty"),
    pytest.param(group(Protocol="HTTP", ProtocolVersion="GRPC"), PLACE, id="gRPC"),
]
UNKNOWN = [pytest.param(group(Protocol={"Ref": "P"}), "Group.Protocol", id="protocol")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
