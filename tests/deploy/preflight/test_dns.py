"""Hosted zones and records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight import dns
from tests.deploy.preflight.scripted import DENIED, refused
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from tests.deploy.preflight.scripted import Scripted

ZONE = {"HostedZone": {"Id": "/hostedzone/Z1", "Name": "example.com.", "CallerReference": "c"}}


def record(name: str = "hoge.example.com", kind: str = "A", **more: Any) -> Any:
    properties = {"HostedZoneId": "Z1", "Name": name, "Type": kind, **more}
    return "Route53::RecordSet", properties


def records(*pairs: tuple[str, str]) -> Any:
    return {
        "ResourceRecordSets": [{"Name": name, "Type": kind} for name, kind in pairs],
        "IsTruncated": False,
        "MaxItems": "20",
    }


IS = "fact: hosted zone Z1: is example.com"
TAKEN = "problem: R: hoge.example.com has a record of type {} already, outside this stack"


@pytest.mark.parametrize(
    ("one", "there", "expected"),
    [
        (record(), records(("i.example.com.", "A")), [IS]),
        (record(), records(("hoge.example.com.", "AAAA")), [IS]),
        (record(), records(("hoge.example.com.", "TXT"), ("i.example.com.", "A")), [IS]),
        (record(), records(("hoge.example.com.", "A")), [IS, TAKEN.format("A")]),
        (record("Hoge.Example.com."), records(("hoge.example.com.", "A")), [IS, TAKEN.format("A")]),
        (record(), records(("hoge.example.com.", "CNAME")), [IS, TAKEN.format("CNAME")]),
        (
            record(kind="CNAME"),
            records(("hoge.example.com.", "TXT"), ("hoge.example.com.", "A")),
            [IS, TAKEN.format("A and TXT")],
        ),
        (
            record("*.example.com"),
            records(("\\052.example.com.", "A")),
            [IS, TAKEN.format("A").replace("hoge.", "*.")],
        ),
        (record(SetIdentifier="blue"), records(("hoge.example.com.", "A")), [IS]),
        (
            record("hoge.example.org"),
            records(),
            ["problem: R: hoge.example.org is not in the zone example.com (Z1)"],
        ),
        (
            record("notexample.com"),
            records(),
            ["problem: R: notexample.com is not in the zone example.com (Z1)"],
        ),
        (
            record(),
            DENIED,
            [
                IS,
                "skipped: R: not checked: the permission route53:ListResourceRecordSets is missing",
            ],
        ),
    ],
)
def test_a_new_record_needs_a_free_name_in_its_zone(
    server: Scripted, one: Any, there: Any, expected: list[str]
) -> None:
    server.on("route53.GetHostedZone", ZONE)
    server.on("route53.ListResourceRecordSets", there)

    assert found(dns.check, server.aws, subject({"R": one})) == expected


def test_a_record_that_the_stack_has_is_not_asked_for(server: Scripted) -> None:
    server.on("route53.GetHostedZone", ZONE)
    of = subject({"R": record()}, has={"R": ("Route53::RecordSet", "hoge.example.com")})

    assert found(dns.check, server.aws, of) == [IS]
    assert [name for name, _ in server.asked] == ["route53.GetHostedZone"]


def test_two_types_of_one_name_are_asked_for_once(server: Scripted) -> None:
    server.on("route53.GetHostedZone", ZONE)
    server.on("route53.ListResourceRecordSets", records(("hoge.example.com.", "AAAA")))
    of = subject({"A": record(), "R": record(kind="AAAA")})

    assert found(dns.check, server.aws, of) == [IS, TAKEN.format("AAAA")]
    assert len(server.parameters("route53.ListResourceRecordSets")) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            refused("NoSuchHostedZone"),
            ["problem: hosted zone Z1: there is no such zone in this account"],
        ),
        (
            DENIED,
            [
                "skipped: hosted zone Z1: not checked: the permission route53:GetHostedZone is "
                "missing"
            ],
        ),
    ],
)
def test_the_zone_has_to_exist(server: Scripted, answer: Any, expected: list[str]) -> None:
    server.on("route53.GetHostedZone", answer)
    server.on("route53.ListResourceRecordSets", records())

    assert found(dns.check, server.aws, subject({"R": record()})) == expected
