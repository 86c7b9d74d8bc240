"""What means the same to CloudFormation is no difference."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.review.model import Noise
from tests.review.stacks import body, changes, property_change, side

SAME: Final[list[tuple[Any, Any]]] = [
    (1, "1"),
    (True, "true"),
    (1.0, 1),
    ({"Fn::GetAtt": "A.Arn"}, {"Fn::GetAtt": ["A", "Arn"]}),
    ({"Fn::GetAtt": ["A", "Outputs.X"]}, {"Fn::GetAtt": ["A", "Outputs", "X"]}),
    ({"Fn::Sub": "${A}"}, {"Ref": "A"}),
    ({"Fn::Sub": "${A.Arn}"}, {"Fn::GetAtt": ["A", "Arn"]}),
    ({"Fn::Sub": "${ A }-x"}, {"Fn::Sub": "${A}-x"}),
    ({"Fn::Sub": "a-${B}-c"}, {"Fn::Join": ["-", ["a", {"Ref": "B"}, "c"]]}),
    ({"Fn::Sub": "a-${B.Arn}"}, {"Fn::Join": ["", ["a-", {"Fn::GetAtt": "B.Arn"}]]}),
    ({"Fn::Sub": ["a-${X}", {"X": {"Ref": "B"}}]}, {"Fn::Sub": "a-${B}"}),
    ({"Fn::Sub": ["a-${X}", {"X": "b"}]}, "a-b"),
    ({"Fn::Join": ["", ["a", {"Fn::Join": ["-", ["b", {"Ref": "C"}]]}]]}, {"Fn::Sub": "ab-${C}"}),
    ({"Fn::Join": [",", ["a", "b"]]}, "a,b"),
    ({"Fn::Sub": "${!A}"}, "${A}"),
    ({"Fn::If": ["Yes", "a", "b"]}, "a"),
    ({"Fn::If": ["Open", "a", "b"]}, {"Fn::If": ["SameAsOpen", "a", "b"]}),
    ({"Fn::FindInMap": ["Sizes", "prod", "cpu"]}, "256"),
    ({"a": None, "b": 1}, {"b": 1}),
    ({"a": {"Ref": "AWS::NoValue"}, "b": 1}, {"b": 1}),
    (["a", {"Ref": "AWS::NoValue"}], ["a"]),
    ({"Ref": "Given"}, "given"),
    ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
]
SECTIONS: Final[dict[str, Any]] = {
    "Parameters": {"Given": {"Type": "String"}, "Later": {"Type": "String"}},
    "Mappings": {"Sizes": {"prod": {"cpu": 256}}},
    "Conditions": {
        "Yes": {"Fn::Equals": ["a", "a"]},
        "Open": {"Fn::Equals": [{"Ref": "Later"}, "a"]},
        "SameAsOpen": {"Condition": "Open"},
    },
}


@pytest.mark.parametrize(("one", "other"), SAME, ids=str)
def test_two_ways_to_write_one_value_are_no_difference(one: Any, other: Any) -> None:
    sides = [
        side(
            {"It": {"Type": "AWS::ECS::Service", "Properties": {"Value": value}}},
            **SECTIONS,
            parameters={"Given": "given"},
            lookups={"Later": "!Ssm /x"},
        )
        for value in (one, other)
    ]

    assert changes(*sides) == {}
    assert changes(*reversed(sides)) == {}


DIFFERENT: Final[list[tuple[Any, Any]]] = [
    (1, 2),
    ({"Ref": "A"}, {"Ref": "B"}),
    ({"Fn::GetAtt": "A.Arn"}, {"Fn::GetAtt": "A.Id"}),
    ({"Fn::Sub": "a-${B}"}, {"Fn::Sub": "a-${C}"}),
    ({"Fn::Sub": "${!A}"}, {"Fn::Sub": "${A}"}),
    ({"Fn::If": ["Open", "a", "b"]}, {"Fn::If": ["Open", "b", "a"]}),
    ({"Fn::If": ["Open", "a", "b"]}, {"Fn::If": ["Other", "a", "b"]}),
    ({"Fn::ImportValue": "a"}, {"Fn::ImportValue": "b"}),
    (["a", "b"], ["b", "a"]),
    ({"a": 1}, {"a": 1, "b": ""}),
    ("a", ["a"]),
    ({"Fn::Base64": "a"}, {"Fn::Base64": "b"}),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=str)
def test_another_value_is_a_difference(one: Any, other: Any) -> None:
    conditions = {
        "Open": {"Fn::Equals": [{"Ref": "Later"}, "a"]},
        "Other": {"Fn::Equals": [{"Ref": "Later"}, "b"]},
    }
    sides = [
        side(
            {"It": {"Type": "AWS::ECS::Service", "Properties": {"Value": value}}},
            Conditions=conditions,
        )
        for value in (one, other)
    ]

    assert list(changes(*sides)) == ["It"]
    assert list(changes(*reversed(sides))) == ["It"]


def test_a_mapping_that_is_still_open_counts_with_what_it_holds() -> None:
    sides = [
        side(
            {
                "It": {
                    "Type": "X",
                    "Properties": {"V": {"Fn::FindInMap": ["M", {"Ref": "Later"}, "k"]}},
                }
            },
            Mappings={"M": {"prod": {"k": value}}},
        )
        for value in (1, 2)
    ]

    assert list(changes(*sides)) == ["It"]


def test_what_an_ssm_parameter_names_counts() -> None:
    declared = {"Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"}}
    sides = [
        side(
            {"It": {"Type": "X", "Properties": {"V": {"Ref": "Image"}}}},
            Parameters=declared,
            parameters={"Image": name},
        )
        for name in ("/ami/one", "/ami/two")
    ]
    [change] = changes(*sides).values()
    [row] = change.properties

    assert (row.before, row.after) == (
        {"Fn::SsmParameter": "/ami/one"},
        {"Fn::SsmParameter": "/ami/two"},
    )
    assert [(one.kind, one.name) for one in row.causes] == [("parameter", "Image")]


POLICY: Final = {"Version": "2012-10-17"}
SAME_POLICIES: Final = [
    ({"Action": "s3:GetObject"}, {"Action": ["s3:GetObject"]}),
    ({"Action": ["a:B", "a:C"]}, {"Action": ["a:C", "a:B"]}),
    ({"Resource": {"Ref": "A"}}, {"Resource": [{"Ref": "A"}]}),
    ({"Principal": {"AWS": "1"}}, {"Principal": {"AWS": ["1"]}}),
    ({"Condition": {"StringEquals": {"a": "1"}}}, {"Condition": {"StringEquals": {"a": ["1"]}}}),
]


@pytest.mark.parametrize(("one", "other"), SAME_POLICIES, ids=str)
def test_a_policy_in_other_words_is_order_only(one: Any, other: Any) -> None:
    before, after = (
        {"Doc": {**POLICY, "Statement": [{"Effect": "Allow", **statement}]}}
        for statement in (one, other)
    )
    [row] = property_change(before, after)

    assert (row.path, row.noise) == ("Doc", "order")


def test_one_statement_is_a_list_of_one() -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    [row] = property_change({"Doc": {"Statement": statement}}, {"Doc": {"Statement": [statement]}})

    assert row.noise == "order"


def test_deny_instead_of_allow_is_a_difference() -> None:
    before, after = (
        {"Doc": {"Statement": {"Sid": "One", "Effect": effect, "Action": "*"}}}
        for effect in ("Allow", "Deny")
    )
    [row] = property_change(before, after)

    assert (row.path, row.before, row.after) == ("Doc.Statement[One].Effect", "Allow", "Deny")
    assert row.noise is None


@pytest.mark.parametrize(
    ("type_", "name", "is_noise"),
    [
        ("ECS::Service", "VolumeConfigurations", True),
        ("ApplicationAutoScaling::ScalableTarget", "ScheduledActions", True),
        # an empty strategy takes away the one that there was: that is something else
        ("ECS::Service", "CapacityProviderStrategy", False),
    ],
)
def test_an_empty_list_is_no_list(type_: str, name: str, *, is_noise: bool) -> None:
    without, empty = side({"It": body(type_)}), side({"It": body(type_, **{name: []})})

    for before, after in ((without, empty), (empty, without)):
        [row] = changes(before, after)["It"].properties
        assert (row.path, row.noise is Noise.ORDER) == (name, is_noise)
