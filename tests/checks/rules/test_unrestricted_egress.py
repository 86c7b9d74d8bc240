"""EB520. Regression: sg-no-egress-rules."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.unrestricted_egress import CHECK
from tests.checks.helpers import resource, verdict

GROUP = "AWS::EC2::SecurityGroup"
EGRESS = "AWS::EC2::SecurityGroupEgress"

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}
ALL = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def group(*egress: Any) -> dict[str, Any]:
    return {"Group": resource(GROUP, SecurityGroupEgress=list(egress))}


PLACE = ["Group.SecurityGroupEgress"]
SEPARATE = resource(EGRESS, GroupId={"Fn::GetAtt": ["Group", "GroupId"]}, **HTTPS)
GOOD = [
    pytest.param(group(HTTPS), id="one port to everybody"),
    pytest.param(group({"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"}), id="nowhere"),
    pytest.param(group({"IpProtocol": "-1", "DestinationSecurityGroupId": "sg-1"}), id="group"),
    pytest.param(group({"IpProtocol": "-1", "DestinationPrefixListId": "pl-1"}), id="prefix list"),
    pytest.param({"Group": resource(GROUP), "Rule": SEPARATE}, id="a rule of its own"),
]
BAD = [
    pytest.param({"Group": resource(GROUP)}, PLACE, id="left out"),
    pytest.param(group(), PLACE, id="empty list"),
    pytest.param(group(HTTPS, ALL), ["Group.SecurityGroupEgress.1.IpProtocol"], id="in writing"),
    pytest.param(
        group({"IpProtocol": -1, "CidrIpv6": "::/0"}),
        ["Group.SecurityGroupEgress.0.IpProtocol"],
        id="IPv6",
    ),
    pytest.param(
        {"Rule": resource(EGRESS, GroupId="sg-1", **ALL)}, ["Rule.IpProtocol"], id="resource"
    ),
    pytest.param(
        {"Group": resource(GROUP), "Rule": resource(EGRESS, GroupId="sg-1", **HTTPS)},
        PLACE,
        id="a rule of another group",
    ),
]
UNKNOWN = [
    pytest.param(
        {"Group": resource(GROUP, SecurityGroupEgress={"Fn::If": ["A", [], [HTTPS]]})},
        "Group.SecurityGroupEgress",
        id="list",
    ),
    pytest.param(
        group({"IpProtocol": "-1", "CidrIp": {"Ref": "Cidr"}}),
        "Group.SecurityGroupEgress.0.CidrIp",
        id="range",
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
