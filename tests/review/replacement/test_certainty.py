"""Whether two values differ for certain, or only the deploy will tell."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.review.model import Replacement
from tests.review.stacks import body, changes, side

LOOKED_UP: Final = {"Ref": "Later"}
ROWS: Final[list[tuple[Any, Any, Replacement]]] = [
    ("a", "b", Replacement.YES),
    (None, "b", Replacement.YES),
    ("a", None, Replacement.YES),
    (None, LOOKED_UP, Replacement.YES),
    (None, {"Fn::If": ["Open", "a", {"Ref": "AWS::NoValue"}]}, Replacement.MAYBE),
    ("a", LOOKED_UP, Replacement.MAYBE),
    (LOOKED_UP, "a", Replacement.MAYBE),
    ({"Fn::ImportValue": "a"}, {"Fn::ImportValue": "b"}, Replacement.MAYBE),
    ({"Fn::GetAtt": "One.Arn"}, {"Fn::GetAtt": "Two.Arn"}, Replacement.YES),
    ({"Fn::GetAtt": "One.Engine"}, {"Fn::GetAtt": "Two.Engine"}, Replacement.MAYBE),
    ({"Ref": "One"}, {"Ref": "Two"}, Replacement.YES),
    ({"Ref": "One"}, "vpc-1", Replacement.MAYBE),
    ({"Fn::Sub": "a-${One}"}, {"Fn::Sub": "b-${One}"}, Replacement.YES),
    ({"Fn::Sub": "a-${One}"}, {"Fn::Sub": "a-${Two}"}, Replacement.MAYBE),
    ({"Fn::Sub": "a-${Later}"}, {"Fn::Sub": "b-${Later}"}, Replacement.YES),
    ({"Fn::Sub": "a-${Later}"}, "a-b", Replacement.MAYBE),
    (["a"], ["b"], Replacement.YES),
    (["a"], ["a", LOOKED_UP], Replacement.YES),
    (["a", "b"], ["a", LOOKED_UP], Replacement.MAYBE),
    ({"A": "a"}, {"A": "b"}, Replacement.YES),
    ({"A": "a"}, {"A": LOOKED_UP}, Replacement.MAYBE),
    ({"A": "a", "B": "a"}, {"A": LOOKED_UP, "B": "b"}, Replacement.YES),
]


@pytest.mark.parametrize(("before", "after", "expected"), ROWS, ids=str)
def test_only_what_is_certain_is_said_to_be(before: Any, after: Any, expected: Replacement) -> None:
    sides = [
        side(
            {
                "It": body("AutoScaling::AutoScalingGroup", InstanceId=value),
                "One": body("SQS::Queue"),
                "Two": body("SQS::Queue"),
            },
            Parameters={"Later": {"Type": "String"}},
            Conditions={"Open": {"Fn::Equals": [LOOKED_UP, "x"]}},
            lookups={"Later": "!Ssm /later"},
        )
        for value in (before, after)
    ]

    assert changes(*sides)["It"].replacement is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("the running r/hoge", "the running r/fuga", Replacement.YES),
        ("!Ssm /a", "!Ssm /b", Replacement.MAYBE),
        ("!Ssm /a", "the running r/hoge", Replacement.MAYBE),
    ],
)
def test_what_runs_of_two_repositories_is_never_the_same(
    before: str, after: str, expected: Replacement
) -> None:
    sides = [
        side(
            {"It": body("AutoScaling::AutoScalingGroup", InstanceId=LOOKED_UP)},
            Parameters={"Later": {"Type": "String"}},
            lookups={"Later": lookup},
        )
        for lookup in (before, after)
    ]

    assert changes(*sides)["It"].replacement is expected


WHY: Final = [
    ({"Ref": "Later"}, "!Ssm /later is looked up when it is deployed"),
    ({"Fn::Sub": "a-${Later}"}, "!Ssm /later is looked up when it is deployed"),
    ({"Ref": "Stored"}, "the SSM parameter /ami is read when it is deployed"),
    ({"Fn::ImportValue": "x"}, "another stack's export is read when it is deployed"),
    ({"Fn::If": ["Open", "a", "b"]}, "a condition is decided when it is deployed"),
    ({"Fn::GetAtt": "One.Name"}, "it comes from One"),
    ({"Fn::Cidr": ["10.0.0.0/8", 1]}, "CloudFormation computes it"),
]


@pytest.mark.parametrize(("value", "why"), WHY, ids=str)
def test_what_keeps_it_from_being_known_is_said(value: Any, why: str) -> None:
    sides = [
        side(
            {"It": body("EC2::SecurityGroup", VpcId=one), "One": body("SQS::Queue")},
            Parameters={
                "Later": {"Type": "String"},
                "Stored": {"Type": "AWS::SSM::Parameter::Value<String>"},
            },
            Conditions={"Open": {"Fn::Equals": [LOOKED_UP, "x"]}},
            lookups={"Later": "!Ssm /later"},
            parameters={"Stored": "/ami"},
        )
        for one in ("vpc-1", value)
    ]

    assert changes(*sides)["It"].why == (f"only if VpcId changes; {why}")
