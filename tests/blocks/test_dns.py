"""The records of a load balancer: A and AAAA, each an alias, so that both follow its addresses."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, ZONE, Parts, parts


def records(made: Parts, **changed: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "name": "web.example.com",
        "hosted_zone_id": ZONE,
        "balancer": made.balancer,
    }
    return made.new(eb.AliasRecords(**arguments | changed))


@pytest.mark.parametrize(
    ("kind", "id_"), [("A", "WebRecordA"), ("AAAA", "WebRecordAaaa")], ids=["A", "AAAA"]
)
def test_a_record_is_an_alias_in_the_balancer_s_own_zone(kind: str, id_: str) -> None:
    assert records(parts())[id_] == {
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
            "Type": kind,
            "Name": "web.example.com",
            "HostedZoneId": ZONE,
            "AliasTarget": {
                "DNSName": {"Fn::GetAtt": ["WebLoadBalancer", "DNSName"]},
                "HostedZoneId": {"Fn::GetAtt": ["WebLoadBalancer", "CanonicalHostedZoneID"]},
                "EvaluateTargetHealth": False,
            },
        },
    }


def test_records_of_tokens() -> None:
    name = eb.text("web.", TOKENS.hosted_zone_name)

    found = records(parts(), name=name, hosted_zone_id=TOKENS.hosted_zone_id)

    assert [
        (record["Properties"]["Name"], record["Properties"]["HostedZoneId"])
        for record in found.values()
    ] == [({"Fn::Sub": "web.${HostedZoneName}"}, {"Ref": "HostedZoneId"})] * 2


def test_the_logical_ids_are_a_contract() -> None:
    assert list(records(parts())) == ["WebRecordA", "WebRecordAaaa"]


def test_every_property_is_reachable_through_the_handle() -> None:
    made = parts()
    a, _ = made.stack.add(
        "Web",
        eb.AliasRecords(name="web.example.com", hosted_zone_id=ZONE, balancer=made.balancer),
    )

    a.SetIdentifier = "blue"

    assert made.resources["WebRecordA"]["Properties"]["SetIdentifier"] == "blue"
