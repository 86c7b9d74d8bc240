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
