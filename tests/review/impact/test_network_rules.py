"""Security groups of which both ends are in the stack, and ports in the place of others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import lines
from tests.review.stacks import body


def both(*ports: int, peer: str = "Balancer") -> dict[str, Any]:
    """The tasks let in *peer* on each port, and that lets it out."""
    tasks: dict[str, Any] = {}
    for port in ports:
        way = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
        tasks[f"In{port}{peer}"] = body(
            "EC2::SecurityGroupIngress",
            GroupId={"Fn::GetAtt": ["Tasks", "GroupId"]},
            SourceSecurityGroupId={"Fn::GetAtt": [peer, "GroupId"]},
            **way,
        )
        tasks[f"Out{port}{peer}"] = body(
            "EC2::SecurityGroupEgress",
            GroupId={"Fn::GetAtt": [peer, "GroupId"]},
            DestinationSecurityGroupId={"Fn::GetAtt": ["Tasks", "GroupId"]},
            **way,
        )
    return tasks


def groups(*rules: dict[str, Any]) -> dict[str, Any]:
    made = {
        name: body("EC2::SecurityGroup", GroupDescription=name)
        for name in ("Balancer", "Other", "Tasks")
    }
    return made | {key: one for found in rules for key, one in found.items()}


def out_only(*ports: int) -> dict[str, Any]:
    return {key: one for key, one in both(*ports).items() if key.startswith("Out")}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (groups(), groups(both(80)), ["Tasks: port 80 is now open to Balancer"]),
        (groups(both(80)), groups(), ["Tasks: no longer lets in port 80 from Balancer"]),
        (
            groups(both(80)),
            groups(both(81)),
            ["Tasks: open to Balancer on port 81, no longer on port 80"],
        ),
        (
            groups(both(80), both(80, peer="Other")),
            groups(both(81), both(81, peer="Other")),
            ["Tasks: open to Balancer and Other on port 81, no longer on port 80"],
        ),
        # not the same peers: two sentences
        (
            groups(both(80)),
            groups(both(81, peer="Other")),
            [
                "Tasks: port 81 is now open to Other",
                "Tasks: no longer lets in port 80 from Balancer",
            ],
        ),
        # one end alone
        (groups(), groups(out_only(80)), ["Balancer: may now reach Tasks on port 80"]),
        (
            groups(out_only(80)),
            groups(out_only(81)),
            ["Balancer: may reach Tasks on port 81, no longer on port 80"],
        ),
    ],
)
def test_one_sentence(before: dict[str, Any], after: dict[str, Any], expected: list[str]) -> None:
    assert lines(before, after, "exposure") == [f"notice exposure: {one}" for one in expected]


def test_what_opens_to_the_world_is_said_by_itself() -> None:
    def sides(port: int) -> dict[str, Any]:
        rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "0.0.0.0/0"}
        group = body("EC2::SecurityGroup", GroupDescription="d", SecurityGroupIngress=[rule])
        return {"It": group}

    assert lines(sides(80), sides(22), "exposure") == [
        "approval exposure: It: port 22 is open to the world (0.0.0.0/0)",
        "notice exposure: It: no longer lets in port 80 from 0.0.0.0/0",
    ]


def test_nothing_else_is_said_of_the_rules() -> None:
    """Each end is covered by the sentence."""
    told = lines(groups(both(80)), groups(both(81)))

    assert not [one for one in told if one.startswith("notice configuration")]


def lets_in(*rules: tuple[Any, ...]) -> dict[str, Any]:
    """The group ``It``, which lets in (first port, last port, range of addresses)."""
    found = [
        {"IpProtocol": "tcp", "FromPort": low, "ToPort": high, "CidrIp": peer}
        if ":" not in peer
        else {"IpProtocol": "tcp", "FromPort": low, "ToPort": high, "CidrIpv6": peer}
        for low, high, peer in rules
    ]
    return {"It": body("EC2::SecurityGroup", GroupDescription="d", SecurityGroupIngress=found)}


WORLD = "0.0.0.0/0"
HALVES = [(443, 443, "0.0.0.0/1"), (443, 443, "128.0.0.0/1")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # what is covered by a wider one is not closed, and not opened
        (
            [(443, 443, WORLD)],
            [(0, 65535, WORLD)],
            ["approval exposure: It: every TCP port is open to the world (0.0.0.0/0)"],
        ),
        (
            [(0, 65535, WORLD)],
            [(443, 443, WORLD)],
            ["notice exposure: It: no longer lets in every TCP port from 0.0.0.0/0"],
        ),
        ([(443, 443, "10.0.0.0/8")], [(443, 443, "10.0.0.0/9"), (443, 443, "10.128.0.0/9")], []),
        ([(80, 90, "10.0.0.0/8")], [(80, 90, "10.0.0.0/8"), (85, 85, "10.1.0.0/16")], []),
        # together they are everybody
        (
            [(443, 443, "10.0.0.0/8")],
            HALVES,
            [
                "approval exposure: It: port 443 is open to the world (0.0.0.0/1 and 128.0.0.0/1)",
            ],
        ),
        (HALVES, [(443, 443, WORLD)], []),
        (
            [(443, 443, "::/1")],
            [(443, 443, "::/1"), (443, 443, "8000::/1")],
            ["approval exposure: It: port 443 is open to the world (8000::/1)"],
        ),
        # more addresses of the internet
        (
            [(22, 22, "203.0.113.0/24")],
            [(22, 22, "203.0.0.0/8")],
            ["approval exposure: It: port 22 is now open to 203.0.0.0/8 (public addresses)"],
        ),
        (
            [],
            [(22, 22, "203.0.113.7/32"), (22, 22, "10.0.0.0/8")],
            [
                "approval exposure: It: port 22 is now open to 203.0.113.7/32 and 10.0.0.0/8 "
                "(203.0.113.7/32: public addresses)"
            ],
        ),
        (
            [(22, 22, "203.0.113.0/24")],
            [(23, 23, "203.0.113.0/24")],
            [
                "approval exposure: It: port 23 is now open to 203.0.113.0/24 (public addresses)",
                "notice exposure: It: no longer lets in port 22 from 203.0.113.0/24",
            ],
        ),
        (
            [],
            [(22, 22, "172.16.0.0/12")],
            ["notice exposure: It: port 22 is now open to 172.16.0.0/12"],
        ),
        (
            [],
            [(22, 22, "172.0.0.0/8")],
            ["approval exposure: It: port 22 is now open to 172.0.0.0/8 (public addresses)"],
        ),
    ],
)
def test_ranges_of_addresses_and_ports(
    before: list[tuple[Any, ...]], after: list[tuple[Any, ...]], expected: list[str]
) -> None:
    assert lines(lets_in(*before), lets_in(*after), "exposure") == expected


def test_a_new_group_that_is_open_to_the_world_in_halves_is_told() -> None:
    assert lines({}, lets_in(*HALVES), "exposure") == [
        "approval exposure: It: port 443 is open to the world (0.0.0.0/1 and 128.0.0.0/1)"
    ]
