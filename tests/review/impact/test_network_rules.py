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


DNS = {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "CidrIp": "10.0.0.2/32"}


def groups(*rules: dict[str, Any]) -> dict[str, Any]:
    """Three groups, none of which lets out everything, as one without an egress rule does."""
    made = {
        name: body("EC2::SecurityGroup", GroupDescription=name, SecurityGroupEgress=[DNS])
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
            [
                "notice exposure: It: no longer lets in every TCP port from 0.0.0.0/0 (still port "
                "443 from 0.0.0.0/0)"
            ],
        ),
        # what is left of it, by a narrower rule
        (
            [(443, 443, WORLD)],
            [(443, 443, "0.0.0.0/1")],
            [
                "notice exposure: It: no longer lets in port 443 from 0.0.0.0/0 (still port 443 "
                "from 0.0.0.0/1)"
            ],
        ),
        (
            [(80, 80, "10.0.0.0/16")],
            [(80, 80, "10.0.1.0/24")],
            [
                "notice exposure: It: no longer lets in port 80 from 10.0.0.0/16 (still port 80 "
                "from 10.0.1.0/24)"
            ],
        ),
        (
            [(8000, 9000, "10.0.0.0/16")],
            [(8080, 8080, "10.0.0.0/16")],
            [
                "notice exposure: It: no longer lets in ports 8000 to 9000 from 10.0.0.0/16 (still "
                "port 8080 from 10.0.0.0/16)"
            ],
        ),
        # another port beside what is left
        (
            [(8000, 9000, "10.0.0.0/16")],
            [(8080, 8080, "10.0.0.0/16"), (80, 80, "10.0.0.0/16")],
            [
                "notice exposure: It: port 80 is now open to 10.0.0.0/16",
                "notice exposure: It: no longer lets in ports 8000 to 9000 from 10.0.0.0/16 (still "
                "port 8080 from 10.0.0.0/16)",
            ],
        ),
        # ports side by side, in one rule or in two
        ([(80, 81, WORLD)], [(80, 80, WORLD), (81, 81, WORLD)], []),
        ([(80, 80, WORLD), (81, 90, WORLD)], [(80, 90, WORLD)], []),
        (
            [(80, 82, "10.0.0.0/8")],
            [(80, 80, "10.0.0.0/8"), (82, 82, "10.0.0.0/8")],
            [
                "notice exposure: It: no longer lets in ports 80 to 82 from 10.0.0.0/8 (still port "
                "80 from 10.0.0.0/8 and port 82 from 10.0.0.0/8)"
            ],
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


@pytest.mark.parametrize("peer", ["203.0.113.0/24", "0.0.0.0/1"])
def test_a_new_group_that_is_open_to_public_addresses_is_told(peer: str) -> None:
    found = lines({"Old": body("SQS::Queue")}, lets_in((22, 22, peer)), "exposure")

    assert found == [f"approval exposure: It: port 22 is now open to {peer} (public addresses)"]


def test_a_new_group_that_is_open_to_own_addresses_is_read_with_its_service() -> None:
    assert lines({}, lets_in((22, 22, "10.0.0.0/8")), "exposure") == []


def lets_out(*rules: tuple[int, str], **more: Any) -> dict[str, Any]:
    """The group ``It``, which lets out TCP (port, range of addresses)."""
    found = [
        {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": peer}
        for port, peer in rules
    ]
    given = {"SecurityGroupEgress": found} if found else {}
    return {"It": body("EC2::SecurityGroup", GroupDescription="d", **given, **more)}


NO_MORE = "no longer lets out every port to 0.0.0.0/0 and every port to ::/0"
ANYTHING = body(
    "EC2::SecurityGroupEgress", GroupId={"Ref": "It"}, IpProtocol="-1", CidrIp="0.0.0.0/0"
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # without a rule everything was let out
        (
            lets_out(),
            lets_out((443, "10.0.0.0/8")),
            [f"{NO_MORE} (still port 443 to 10.0.0.0/8)"],
        ),
        (
            lets_out(),
            {**lets_out(), "Out": ANYTHING},
            ["no longer lets out every port to ::/0"],
        ),
        (lets_out(), lets_out(Tags=[{"Key": "a", "Value": "b"}]), []),
        # the last rule goes: the default does not come back
        (
            lets_out((443, "10.0.0.0/8")),
            lets_out(),
            ["no longer lets out port 443 to 10.0.0.0/8"],
        ),
        (
            lets_out((443, "10.0.0.0/8")),
            lets_out((443, "10.0.0.0/8"), (25, WORLD)),
            ["may now reach 0.0.0.0/0 on port 25"],
        ),
        # another group begins anew
        (
            lets_out((443, "10.0.0.0/8"), VpcId="vpc-1"),
            lets_out(VpcId="vpc-2"),
            ["may now reach 0.0.0.0/0 and ::/0 on every port"],
        ),
    ],
)
def test_what_a_group_lets_out_by_default(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert lines(before, after, "exposure") == [f"notice exposure: It: {one}" for one in expected]
