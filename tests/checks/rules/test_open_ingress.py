"""EB519. Regression: sg-cidr-all-protocols; a prefix list (sg-prefix-list) is good."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.open_ingress import CHECK
from tests.checks.helpers import resource, verdict

GROUP = "AWS::EC2::SecurityGroup"
INGRESS = "AWS::EC2::SecurityGroupIngress"

WORLD = {"CidrIp": "0.0.0.0/0"}


def inline(**rule: Any) -> dict[str, Any]:
    return {"Group": resource(GROUP, SecurityGroupIngress=[rule])}


ALL_TCP = {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535}
PLACE = "Group.SecurityGroupIngress.0.IpProtocol"
GOOD = [
    pytest.param(inline(IpProtocol="tcp", FromPort=443, ToPort=443, **WORLD), id="HTTPS"),
    pytest.param(inline(IpProtocol="-1", CidrIp="10.0.0.0/8"), id="own range"),
    pytest.param(inline(IpProtocol="-1", SourceSecurityGroupId="sg-1"), id="security group"),
    pytest.param(inline(IpProtocol="-1", SourcePrefixListId="pl-1"), id="prefix list"),
    pytest.param(inline(IpProtocol="icmp", FromPort=-1, ToPort=-1, **WORLD), id="ping"),
    pytest.param(inline(IpProtocol="-1", CidrIp="nonsense"), id="not a range"),
    pytest.param(
        {"Group": resource(GROUP, SecurityGroupEgress=[{"IpProtocol": "-1", **WORLD}])},
        id="egress: EB520",
    ),
]
BAD = [
    pytest.param(inline(IpProtocol="-1", **WORLD), [PLACE], id="every protocol"),
    pytest.param(inline(IpProtocol=-1, CidrIpv6="::/0"), [PLACE], id="IPv6, a number"),
    pytest.param(inline(IpProtocol="-1", CidrIpv6="0:0:0:0:0:0:0:0/0"), [PLACE], id="long IPv6"),
    pytest.param(inline(**ALL_TCP, **WORLD), [PLACE], id="every TCP port"),
    pytest.param(
        inline(IpProtocol="17", FromPort="1", ToPort="65535", **WORLD), [PLACE], id="every UDP port"
    ),
    pytest.param(
        {"Rule": resource(INGRESS, IpProtocol="-1", **WORLD)}, ["Rule.IpProtocol"], id="resource"
    ),
]
UNKNOWN = [
    pytest.param(
        inline(IpProtocol="-1", CidrIp={"Ref": "Cidr"}),
        "Group.SecurityGroupIngress.0.CidrIp",
        id="range",
    ),
    pytest.param(inline(IpProtocol={"Ref": "Protocol"}, **WORLD), PLACE, id="protocol"),
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


def test_a_range_that_is_unknown_does_not_matter_for_one_port() -> None:
    resources = inline(IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp={"Ref": "Cidr"})

    assert verdict(CHECK, resources) == ([], [])
