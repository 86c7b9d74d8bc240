"""EB522."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.lost_egress_rule import CHECK
from tests.checks.helpers import resource, verdict

GROUP = "AWS::EC2::SecurityGroup"
ALL = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}


def stack(*egress: Any, group_id: Any) -> dict[str, Any]:
    rule = resource("AWS::EC2::SecurityGroupEgress", GroupId=group_id, **HTTPS)
    return {"Group": resource(GROUP, SecurityGroupEgress=list(egress)), "Rule": rule}


OURS = {"Fn::GetAtt": ["Group", "GroupId"]}
PLACE = ["Group.SecurityGroupEgress.0"]
GOOD = [
    pytest.param(stack(HTTPS, group_id=OURS), id="nothing to lose"),
    pytest.param(stack(ALL, group_id="sg-1"), id="a rule of another group"),
    pytest.param({"Group": resource(GROUP, SecurityGroupEgress=[ALL])}, id="all inline"),
    pytest.param(
        stack({"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}, group_id=OURS), id="own range"
    ),
]
BAD = [
    pytest.param(stack(ALL, group_id=OURS), PLACE, id="GetAtt"),
    pytest.param(stack(ALL, HTTPS, group_id={"Ref": "Group"}), PLACE, id="Ref"),
]
UNKNOWN = [
    pytest.param(
        stack({"IpProtocol": {"Ref": "Protocol"}}, group_id=OURS),
        "Group.SecurityGroupEgress.0.IpProtocol",
        id="protocol",
    )
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
