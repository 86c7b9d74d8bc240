"""A new environment that takes the DNS name of another one of its app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.review.model import Weight
from ecs_blocks.review.reviewing import reviewed
from ecs_blocks.review.sources.snapshot import Snapshot
from tests.review.stacks import body, side

if TYPE_CHECKING:
    from ecs_blocks.review.side import Side


def named(name: Any, zone: Any = "Z1", account: str = "") -> Side:
    record = body("Route53::RecordSet", Name=name, Type="A", HostedZoneId=zone)
    return side({"Record": record}, pseudo={"AWS::AccountId": account} if account else {})


def sentences(environments: dict[str, Side], new: str) -> list[str]:
    before = {name: one for name, one in environments.items() if name != new}
    review, _ = reviewed(
        Snapshot(name="a", sides={"hoge": before}), Snapshot(name="b", sides={"hoge": environments})
    )
    [stack] = [one for one in review.stacks if one.environment == new]
    assert review.weight in (Weight.APPROVAL, Weight.NOTICE)
    return [f"{one.weight} {one.text}" for one in stack.consequences if "Record" in one.text]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (
            "Z1",
            "approval Record: the deploy fails: the record a.example.com is prod's already, in the "
            "same hosted zone",
        ),
        (
            "Z2",
            "notice Record: the name a.example.com is also that of prod, in another hosted zone: "
            "which one answers depends on who asks",
        ),
    ],
)
def test_the_name_of_another_environment(zone: str, expected: str) -> None:
    found = sentences({"prod": named("a.example.com."), "qa": named("a.example.com", zone)}, "qa")

    assert expected in found


def test_a_name_of_its_own() -> None:
    found = sentences({"prod": named("a.example.com"), "qa": named("qa.example.com")}, "qa")

    assert not [one for one in found if "prod" in one]


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        # each stack makes a zone of its own
        ({"Ref": "Zone"}, "in another hosted zone"),
        ({"Fn::GetAtt": ["Zone", "Id"]}, "in another hosted zone"),
        ({"Fn::Lookup": "!StackOutput net.Zone"}, "in the same hosted zone"),
    ],
)
def test_the_same_words_for_a_zone(zone: Any, words: str) -> None:
    found = sentences(
        {"prod": named("a.example.com", zone), "qa": named("a.example.com", zone)}, "qa"
    )

    assert [one for one in found if "prod" in one and words in one]


@pytest.mark.parametrize(
    ("zone", "other", "account"),
    [
        ("Z1", {"Fn::Lookup": "!Ssm /zone"}, "1"),
        ({"Fn::Lookup": "!Ssm /a"}, {"Fn::Lookup": "!Ssm /b"}, "1"),
        ({"Fn::Lookup": "!Ssm /zone"}, {"Fn::Lookup": "!Ssm /zone"}, "2"),
    ],
)
def test_a_zone_that_is_looked_up_may_be_the_same_or_another(
    zone: Any, other: Any, account: str
) -> None:
    found = sentences(
        {"prod": named("a.example.com", zone, "1"), "qa": named("a.example.com", other, account)},
        "qa",
    )

    assert (
        "notice Record: the name a.example.com is also that of prod: the deploy fails if the "
        "hosted zone, which is looked up, is the same"
    ) in found


def test_a_name_that_is_not_known() -> None:
    name = {"Fn::Sub": "${Api.Name}.example.com"}
    found = sentences({"prod": named(name), "qa": named(name)}, "qa")

    assert not [one for one in found if "prod" in one]
