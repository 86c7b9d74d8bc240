"""EB527."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.listener_ingress import CHECK
from tests.checks.helpers import resource, verdict

OUTSIDE = {"Ref": "Outside"}
OURS = {"Fn::GetAtt": ["Group", "GroupId"]}


def tcp(port: Any, **more: Any) -> dict[str, Any]:
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "0.0.0.0/0"}
    return rule | more


def template(
    *ingress: Any,
    port: Any = 443,
    protocol: Any = "HTTPS",
    groups: Any = (OURS,),
    balancer: Any = None,
    **others: Any,
) -> dict[str, Any]:
    return {
        "Listener": resource(
            "AWS::ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=balancer or {"Ref": "Balancer"},
            Port=port,
            Protocol=protocol,
        ),
        "Balancer": resource(
            "AWS::ElasticLoadBalancingV2::LoadBalancer", SecurityGroups=list(groups)
        ),
        "Group": resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=list(ingress)),
        **others,
    }


SEPARATE = resource("AWS::EC2::SecurityGroupIngress", GroupId=OURS, **tcp(443))
PLACE = ["Listener.Port"]
BALANCER = ["Listener.LoadBalancerArn"]
GOOD = [
    pytest.param(template(tcp(443)), id="the port"),
    pytest.param(template(tcp(80), tcp("443"), port="443"), id="as text, among others"),
    pytest.param(template(Rule=SEPARATE), id="a rule of its own"),
    pytest.param(
        template({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourcePrefixListId": "pl"}),
        id="from a prefix list",
    ),
    pytest.param(template(tcp(443, IpProtocol="udp"), protocol="QUIC"), id="QUIC"),
    pytest.param(template(tcp(443), protocol="TCP_UDP"), id="one of both protocols"),
    pytest.param(template(groups=()), id="no groups"),
    pytest.param(template(balancer=OUTSIDE), id="load balancer of another stack"),
    pytest.param(template(port=None), id="no port"),
]
BAD = [
    pytest.param(template(), PLACE, id="no rules"),
    pytest.param(template(tcp(80)), PLACE, id="another port"),
    pytest.param(template(tcp(443, IpProtocol="udp")), PLACE, id="another protocol"),
    pytest.param(template(tcp(80), port=8443, Rule=SEPARATE), PLACE, id="neither"),
]
UNKNOWN = [
    pytest.param(template(tcp(80), groups=(OURS, OUTSIDE)), BALANCER, id="a group from outside"),
    pytest.param(template(OUTSIDE), BALANCER, id="a rule from outside"),
    pytest.param(template(port=OUTSIDE), PLACE, id="port"),
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
