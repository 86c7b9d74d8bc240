"""Values put into templates that nobody here wrote."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.templates.resolve import Values, resolve, undecided

LOOKED_UP: Final = {"Fn::Lookup": "!Ssm /x"}


def put_in(value: Any, **parameters: Any) -> Any:
    """*value* as a property, with values put in."""
    template = {
        "Parameters": {name: {"Type": "String"} for name in parameters},
        "Resources": {"It": {"Type": "AWS::SQS::Queue", "Properties": {"V": value}}},
    }
    return resolve(template, Values(parameters=parameters))["Resources"]["It"]["Properties"]["V"]


def test_what_is_no_text_stays_beside_the_text_that_it_belongs_into() -> None:
    found = put_in({"Fn::Sub": "${A}-${B}-${C}"}, A=LOOKED_UP, B="b")

    assert found == {"Fn::Sub": ["${A}-b-${C}", {"A": LOOKED_UP}]}


AS_IT_IS: Final = [
    {"Ref": ["a"]},
    {"Ref": {"a": "b"}},
    {"Fn::Sub": 7},
    {"Fn::Sub": ["a"]},
    {"Fn::Sub": ["a", "b"]},
    {"Fn::Sub": [7, {}]},
    {"Fn::If": [["a"], "b", "c"]},
    {"Fn::If": "a"},
    {"Fn::FindInMap": ["a", "b", "c"]},
    {"Fn::Join": ["a"]},
    {"Fn::GetAtt": []},
]


@pytest.mark.parametrize("value", AS_IT_IS, ids=str)
def test_a_function_that_is_not_written_right_stays(value: Any) -> None:
    assert put_in(value) == value


@pytest.mark.parametrize("odd", [None, 7, "x", [], [{"a": 1}]], ids=str)
@pytest.mark.parametrize(
    "section", ["Parameters", "Resources", "Outputs", "Conditions", "Mappings", "Rules"]
)
def test_a_section_that_is_no_mapping_stays(section: str, odd: Any) -> None:
    template = {"Resources": {"It": {"Condition": "C", "Properties": {"V": {"Ref": "A"}}}}}
    template |= {section: odd}

    assert resolve(template, Values(parameters={"A": "a"}))[section] == odd


def test_which_conditions_only_the_deploy_decides() -> None:
    template = {
        "Parameters": {"A": {"Type": "String"}, "B": {"Type": "String"}},
        "Conditions": {
            "Known": {"Fn::Equals": [{"Ref": "A"}, "a"]},
            "Open": {"Fn::Equals": [{"Ref": "B"}, "b"]},
            "Either": {"Fn::Or": [{"Condition": "Known"}, {"Condition": "Open"}]},
            "Both": {"Fn::And": [{"Condition": "Known"}, {"Condition": "Open"}]},
            "Circle": {"Condition": "Circle"},
            "Odd": 7,
        },
    }
    found = undecided(template, Values(parameters={"A": "a", "B": LOOKED_UP}))

    assert found == {"Open", "Both", "Circle", "Odd"}
