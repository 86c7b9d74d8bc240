"""EB590."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.alias_zone import CHECK
from tests.checks.helpers import resource, verdict

RECORD = "AWS::Route53::RecordSet"
NAME = {"Fn::GetAtt": ["Balancer", "DNSName"]}
ZONE = {"Fn::GetAtt": ["Balancer", "CanonicalHostedZoneID"]}
BALANCER = resource("AWS::ElasticLoadBalancingV2::LoadBalancer")
CLASSIC = resource("AWS::ElasticLoadBalancing::LoadBalancer")
HOSTED = resource("AWS::Route53::HostedZone", Name="example.com")
OTHERS = {"Balancer": BALANCER, "Domain": HOSTED, "Other": BALANCER}


def record(zone: Any, name: Any = NAME, own: Any = "ZDOMAIN", **others: Any) -> dict[str, Any]:
    alias = {"DNSName": name, "HostedZoneId": zone}
    properties = {"HostedZoneId": own, "AliasTarget": alias}
    return {"Record": resource(RECORD, **properties), **OTHERS, **others}


PLACE = "Record.AliasTarget.HostedZoneId"
LITERAL = "hoge-123.eu-west-1.elb.amazonaws.com"
GROUP = "AWS::Route53::RecordSetGroup"
GOOD = [
    pytest.param(record(ZONE), id="GetAtt"),
    pytest.param(record({"Fn::GetAtt": "Balancer.CanonicalHostedZoneID"}), id="dotted GetAtt"),
    pytest.param(record({"Fn::Sub": "${Balancer.CanonicalHostedZoneID}"}), id="Sub"),
    pytest.param(record(ZONE, {"Fn::Sub": "dualstack.${Balancer.DNSName}"}), id="dualstack"),
    pytest.param(record(ZONE, {"Fn::Join": [".", ["dualstack", NAME]]}), id="Join"),
    pytest.param(
        record({"Fn::GetAtt": ["Balancer", "CanonicalHostedZoneNameID"]}, Balancer=CLASSIC),
        id="classic",
    ),
    pytest.param(record("ZDOMAIN", "other.example.com"), id="another record of the zone"),
    pytest.param(record("Z2FDTNDATAQYW2", "d1.cloudfront.net"), id="CloudFront"),
    pytest.param({"Record": resource(RECORD, Type="CNAME", TTL="60")}, id="no alias"),
    pytest.param({"Record": resource(RECORD, AliasTarget="balancer")}, id="a text"),
]
BAD = [
    pytest.param(record("ZDOMAIN"), [PLACE], id="the domain's zone"),
    pytest.param(record({"Ref": "Zone"}, own={"Ref": "Zone"}), [PLACE], id="the same parameter"),
    pytest.param(record({"Ref": "Domain"}), [PLACE], id="the domain's zone of this template"),
    pytest.param(record("ZDOMAIN", LITERAL), [PLACE], id="a balancer's name in writing"),
    pytest.param(record("Z2FDTNDATAQYW2"), [PLACE], id="CloudFront's zone"),
    pytest.param(record(None), [PLACE], id="left out"),
    pytest.param(
        record({"Fn::GetAtt": ["Other", "CanonicalHostedZoneID"]}), [PLACE], id="another balancer"
    ),
    pytest.param(
        record({"Fn::GetAtt": ["Balancer", "CanonicalHostedZoneNameID"]}),
        [PLACE],
        id="attribute of a classic one",
    ),
    pytest.param(
        {
            "Record": resource(
                GROUP,
                HostedZoneId="ZDOMAIN",
                RecordSets=[
                    {"Type": "TXT"},
                    {"AliasTarget": {"DNSName": NAME, "HostedZoneId": "ZDOMAIN"}},
                ],
            ),
            **OTHERS,
        },
        ["Record.RecordSets.1.AliasTarget.HostedZoneId"],
        id="in a group",
    ),
]
UNKNOWN = [
    pytest.param(record({"Ref": "Zone"}), PLACE, id="parameter"),
    pytest.param(record("Z35SXDOTRQ7X7K"), PLACE, id="right in one Region only"),
    pytest.param(record("Z35SXDOTRQ7X7K", LITERAL), PLACE, id="all in writing"),
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
