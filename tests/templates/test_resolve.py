"""Values in the place of references, as CloudFormation would put them: every intrinsic."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.templates.resolve import (
    Values,
    is_intrinsic,
    normalised,
    resolve,
    scalar_text,
    typed,
)

VALUES = Values(
    parameters={
        "Name": "hoge",
        "Count": "2",
        "Ratio": "0.5",
        "Zones": "a,b,c",
        "Ports": "80,443",
        "None": "",
        "Ami": "/aws/ami",
        "Curly": "${Name}",
        "Escaped": "${!x}",
    },
    pseudo={"AWS::Region": "ap-northeast-1", "AWS::AccountId": "123456789012"},
)
PARAMETERS = {
    "Name": {"Type": "String"},
    "Count": {"Type": "Number"},
    "Ratio": {"Type": "Number"},
    "Zones": {"Type": "CommaDelimitedList"},
    "Ports": {"Type": "List<Number>"},
    "None": {"Type": "CommaDelimitedList"},
    "Ami": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"},
    "Curly": {"Type": "String"},
    "Escaped": {"Type": "String"},
    "Later": {"Type": "String"},
}
MAPPINGS = {"Sizes": {"hoge": {"Cpu": "256", "List": ["x", "y"]}}}
OPEN = {"Fn::GetAtt": ["Bucket", "Arn"]}

ROWS: list[tuple[Any, Any]] = [
    # Ref
    ({"Ref": "Name"}, "hoge"),
    ({"Ref": "Count"}, 2),
    ({"Ref": "Ratio"}, 0.5),
    ({"Ref": "Zones"}, ["a", "b", "c"]),
    ({"Ref": "Ports"}, [80, 443]),
    ({"Ref": "None"}, []),
    ({"Ref": "AWS::Region"}, "ap-northeast-1"),
    ({"Ref": "Bucket"}, {"Ref": "Bucket"}),
    ({"Ref": "Later"}, {"Ref": "Later"}),
    ({"Ref": "Ami"}, {"Ref": "Ami"}),
    ({"Ref": "AWS::StackName"}, {"Ref": "AWS::StackName"}),
    # what only a deploy knows
    (OPEN, OPEN),
    ({"Fn::GetAtt": "Bucket.Arn"}, {"Fn::GetAtt": "Bucket.Arn"}),
    ({"Fn::ImportValue": {"Ref": "Name"}}, {"Fn::ImportValue": "hoge"}),
    ({"Fn::GetAZs": {"Ref": "AWS::Region"}}, {"Fn::GetAZs": "ap-northeast-1"}),
    ({"Fn::Cidr": ["10.0.0.0/16", {"Ref": "Count"}, "8"]}, {"Fn::Cidr": ["10.0.0.0/16", 2, "8"]}),
    ({"Fn::Base64": {"Ref": "Name"}}, {"Fn::Base64": "hoge"}),
    # Sub
    ({"Fn::Sub": "plain"}, "plain"),
    ({"Fn::Sub": "a-${Name}-${Count}"}, "a-hoge-2"),
    ({"Fn::Sub": "${AWS::Region}/${AWS::AccountId}"}, "ap-northeast-1/123456789012"),
    ({"Fn::Sub": "${Bucket}-${Name}"}, {"Fn::Sub": "${Bucket}-hoge"}),
    ({"Fn::Sub": "${Bucket.Arn}/${Name}"}, {"Fn::Sub": "${Bucket.Arn}/hoge"}),
    ({"Fn::Sub": "${!Name}"}, "${Name}"),
    ({"Fn::Sub": "${!Name}-${Name}"}, "${Name}-hoge"),
    ({"Fn::Sub": "${!Name}-${Bucket}"}, {"Fn::Sub": "${!Name}-${Bucket}"}),
    ({"Fn::Sub": "${Curly}"}, "${Name}"),
    ({"Fn::Sub": "${Curly}-${Bucket}"}, {"Fn::Sub": "${!Name}-${Bucket}"}),
    ({"Fn::Sub": ["${A}-${Name}", {"A": "x"}]}, "x-hoge"),
    ({"Fn::Sub": ["${A}", {"A": {"Ref": "Name"}}]}, "hoge"),
    ({"Fn::Sub": ["${Name}", {"Name": "own"}]}, "own"),
    ({"Fn::Sub": ["${A}-${Name}", {"A": OPEN}]}, {"Fn::Sub": ["${A}-hoge", {"A": OPEN}]}),
    ({"Fn::Sub": ["${A}", {"A": {"Fn::Sub": "${Name}!"}}]}, "hoge!"),
    (
        {"Fn::Sub": ["${A}${B}", {"A": {"Ref": "Name"}, "B": OPEN}]},
        {"Fn::Sub": ["hoge${B}", {"B": OPEN}]},
    ),
    # Join, Split, Select
    ({"Fn::Join": ["-", ["a", {"Ref": "Name"}, {"Ref": "Count"}]]}, "a-hoge-2"),
    ({"Fn::Join": [",", {"Ref": "Zones"}]}, "a,b,c"),
    ({"Fn::Join": ["", []]}, ""),
    ({"Fn::Join": ["-", ["a", OPEN]]}, {"Fn::Join": ["-", ["a", OPEN]]}),
    ({"Fn::Join": ["-", ["a", {"Ref": "AWS::NoValue"}, "b"]]}, "a-b"),
    ({"Fn::Split": [".", "a.b"]}, ["a", "b"]),
    ({"Fn::Split": [".", OPEN]}, {"Fn::Split": [".", OPEN]}),
    ({"Fn::Select": [1, {"Ref": "Zones"}]}, "b"),
    ({"Fn::Select": ["0", ["x", "y"]]}, "x"),
    ({"Fn::Select": [{"Ref": "Count"}, {"Ref": "Zones"}]}, "c"),
    ({"Fn::Select": [9, {"Ref": "Zones"}]}, {"Fn::Select": [9, ["a", "b", "c"]]}),
    ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
    ({"Fn::Select": [1, {"Fn::Split": ["/", "a/b"]}]}, "b"),
    # FindInMap
    ({"Fn::FindInMap": ["Sizes", {"Ref": "Name"}, "Cpu"]}, "256"),
    ({"Fn::FindInMap": ["Sizes", "hoge", "List"]}, ["x", "y"]),
    (
        {"Fn::FindInMap": ["Sizes", "fuga", "Cpu"]},
        {"Fn::FindInMap": ["Sizes", "fuga", "Cpu"]},
    ),
    (
        {"Fn::FindInMap": ["Sizes", {"Ref": "Later"}, "Cpu"]},
        {"Fn::FindInMap": ["Sizes", {"Ref": "Later"}, "Cpu"]},
    ),
    # what is no function
    ({"Ref": "Name", "Other": 1}, {"Ref": "Name", "Other": 1}),
    ({"Name": {"Ref": "Name"}}, {"Name": "hoge"}),
    ([{"Ref": "Name"}, 1, None, True], ["hoge", 1, None, True]),
    ("${Name}", "${Name}"),
]


@pytest.mark.parametrize(("written", "expected"), ROWS)
def test_a_function_becomes_its_value_where_that_is_known(written: Any, expected: Any) -> None:
    template = {
        "Parameters": PARAMETERS,
        "Mappings": MAPPINGS,
        "Resources": {"R": {"Type": "T", "Properties": {"P": written}}},
    }
    actual = resolve(template, VALUES)["Resources"]["R"]["Properties"]["P"]

    assert actual == expected
    assert type(actual) is type(expected)


def test_what_is_not_known_yet_stays_among_the_parameters() -> None:
    template = {"Parameters": PARAMETERS, "Resources": {}}

    assert resolve(template, VALUES)["Parameters"] == {
        "Ami": PARAMETERS["Ami"],
        "Later": PARAMETERS["Later"],
    }


def test_without_open_parameters_there_is_no_section() -> None:
    template = {"Parameters": {"Name": PARAMETERS["Name"]}, "Resources": {}}

    assert resolve(template, VALUES) == {"Resources": {}}


def test_a_template_is_not_changed_by_it() -> None:
    resource = {"Type": "T", "Properties": {"P": [{"Ref": "Name"}]}}
    template = {"Parameters": PARAMETERS, "Resources": {"R": resource}}
    resolve(template, VALUES)

    assert template == {
        "Parameters": PARAMETERS,
        "Resources": {"R": {"Type": "T", "Properties": {"P": [{"Ref": "Name"}]}}},
    }


def test_text_outside_of_the_resources_is_resolved_and_definitions_are_not() -> None:
    template = {
        "Description": "d",
        "Metadata": {"M": {"Ref": "Name"}},
        "Mappings": MAPPINGS,
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "Later"}, "x"]}},
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {},
        "Outputs": {"O": {"Value": {"Ref": "Name"}}},
    }
    actual = resolve(template, VALUES)

    assert actual == template | {
        "Metadata": {"M": "hoge"},
        "Outputs": {"O": {"Value": "hoge"}},
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "A"}, True),
        ({"Condition": "A"}, True),
        ({"Fn::Sub": "A"}, True),
        ({"Fn::New": "A"}, True),
        ({"Ref": "A", "B": 1}, False),
        ({"Reference": "A"}, False),
        ({}, False),
        ("Ref", False),
    ],
)
def test_an_intrinsic_is_a_mapping_of_one_key(value: object, expected: object) -> None:
    assert is_intrinsic(value) is expected


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("512", "Number", 512),
        ("0.5", "Number", 0.5),
        ("1e3", "Number", 1000.0),
        ("x", "Number", "x"),
        ("512", "String", "512"),
        ("a,b", "CommaDelimitedList", ["a", "b"]),
        ("a,b", "List<AWS::EC2::Subnet::Id>", ["a", "b"]),
        ("1,2", "List<Number>", [1, 2]),
        ("", "CommaDelimitedList", []),
        (["a"], "CommaDelimitedList", ["a"]),
        (7, "Number", 7),
    ],
)
def test_a_parameter_s_value_has_the_type_that_it_was_declared_with(
    value: Any, kind: str, expected: Any
) -> None:
    assert typed(value, kind) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.0, "1"),
        (0.5, "0.5"),
        ("x", "x"),
        (None, "None"),
    ],
)
def test_a_scalar_is_written_as_cloudformation_writes_it(value: object, expected: str) -> None:
    assert scalar_text(value) == expected


def test_what_is_the_same_to_cloudformation_compares_equal() -> None:
    left = {"a": [1, True, "x"], "b": {"c": 2.0}}
    right = {"a": ["1", "true", "x"], "b": {"c": "2"}}

    assert normalised(left) == normalised(right)
    assert normalised({"a": "01"}) != normalised({"a": 1})
