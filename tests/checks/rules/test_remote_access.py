"""EB521. Regression: sg-ssh-open; a prefix list (sg-prefix-list) is good."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.remote_access import CHECK
from tests.checks.helpers import resource, verdict

GROUP = "AWS::EC2::SecurityGroup"
INGRESS = "AWS::EC2::SecurityGroupIngress"


def inline(low: Any, high: Any, protocol: Any = "tcp", **source: Any) -> dict[str, Any]:
    source = source or {"CidrIp": "0.0.0.0/0"}
    rule = {"IpProtocol": protocol, "FromPort": low, "ToPort": high, **source}
    return {"Group": resource(GROUP, SecurityGroupIngress=[rule])}


PLACE = "Group.SecurityGroupIngress.0.FromPort"
GOOD = [
    pytest.param(inline(443, 443), id="HTTPS"),
    pytest.param(inline(23, 3388), id="between the two"),
    pytest.param(inline(22, 22, CidrIp="192.0.2.0/24"), id="own range"),
    pytest.param(inline(22, 22, SourcePrefixListId="pl-1"), id="prefix list"),
    pytest.param(inline(22, 22, "udp"), id="SSH is TCP"),
    pytest.param(inline(0, 65535), id="every port: EB519"),
    pytest.param(
        {
            "Group": resource(
                GROUP,
                SecurityGroupEgress=[
                    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
                ],
            )
        },
        id="out",
    ),
]
BAD = [
    pytest.param(inline(22, 22), [PLACE], id="SSH"),
    pytest.param(inline("22", "22", "6", CidrIpv6="::/0"), [PLACE], id="as text, IPv6"),
    pytest.param(inline(3389, 3389, "udp"), [PLACE], id="RDP over UDP"),
    pytest.param(inline(20, 4000), [PLACE, PLACE], id="a range with both"),
    pytest.param(
        {"Rule": resource(INGRESS, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0")},
        ["Rule.FromPort"],
        id="resource",
    ),
]
UNKNOWN = [
    pytest.param(
        inline(22, 22, CidrIp={"Ref": "Cidr"}), "Group.SecurityGroupIngress.0.CidrIp", id="range"
    ),
    pytest.param(inline({"Ref": "Port"}, 22), PLACE, id="port"),
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
