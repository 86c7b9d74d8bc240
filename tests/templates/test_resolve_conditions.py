"""A user's own Conditions survive: decided where their inputs are known, kept where not."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.templates.resolve import Values, resolve

EQUAL: Final = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
UNEQUAL: Final = {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}
UNKNOWN: Final = {"Fn::Equals": [{"Ref": "Later"}, "x"]}
NO_VALUE: Final = {"Ref": "AWS::NoValue"}
PARAMETERS: Final = {"Stage": {"Type": "String"}, "Later": {"Type": "String"}}


def put_in(condition: Any, value: Any, **conditions: Any) -> Any:
    """What *value* becomes in a template whose condition ``C`` is *condition*."""
    template = {
        "Parameters": PARAMETERS,
        "Conditions": {"C": condition, **conditions},
        "Resources": {"R": {"Type": "T", "Properties": {"P": value}}},
    }
    found = resolve(template, Values(parameters={"Stage": "prod"}))
    return found["Resources"]["R"]["Properties"].get("P", "gone")


IF: Final = {"Fn::If": ["C", "yes", "no"]}
ROWS: list[tuple[Any, Any]] = [
    (EQUAL, "yes"),
    (UNEQUAL, "no"),
    (UNKNOWN, IF),
    ({"Fn::Equals": [True, "true"]}, "yes"),
    ({"Fn::Equals": ["1", 1]}, "yes"),
    ({"Fn::Equals": [{"Fn::GetAtt": ["B", "Arn"]}, "x"]}, IF),
    ({"Fn::Not": [EQUAL]}, "no"),
    ({"Fn::Not": [UNEQUAL]}, "yes"),
    ({"Fn::Not": [UNKNOWN]}, IF),
    ({"Fn::And": [EQUAL, EQUAL]}, "yes"),
    ({"Fn::And": [EQUAL, UNEQUAL]}, "no"),
    ({"Fn::And": [UNKNOWN, UNEQUAL]}, "no"),
    ({"Fn::And": [UNKNOWN, EQUAL]}, IF),
    ({"Fn::Or": [UNEQUAL, EQUAL]}, "yes"),
    ({"Fn::Or": [UNEQUAL, UNEQUAL]}, "no"),
    ({"Fn::Or": [UNKNOWN, EQUAL]}, "yes"),
    ({"Fn::Or": [UNKNOWN, UNEQUAL]}, IF),
    ({"Condition": "Other"}, "yes"),
    ({"Fn::Not": [{"Condition": "Other"}]}, "no"),
    ({"Condition": "C"}, IF),
    ({"Condition": "Nowhere"}, IF),
    ({"Fn::Unheard": [EQUAL]}, IF),
    ("not a condition", IF),
]


@pytest.mark.parametrize(("condition", "expected"), ROWS)
def test_a_condition_is_decided_where_its_inputs_are_known(condition: Any, expected: Any) -> None:
    assert put_in(condition, IF, Other=EQUAL) == expected


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        (EQUAL, {"Fn::If": ["C", {"Ref": "Stage"}, "no"]}, "prod"),
        (EQUAL, {"Fn::If": ["C", {"Fn::Sub": "${Stage}!"}, "no"]}, "prod!"),
        (EQUAL, {"Fn::If": ["C", NO_VALUE, "no"]}, "gone"),
        (UNEQUAL, {"Fn::If": ["C", "yes", NO_VALUE]}, "gone"),
        (EQUAL, [1, {"Fn::If": ["C", NO_VALUE, 2]}, 3], [1, 3]),
        (EQUAL, {"a": 1, "b": {"Fn::If": ["C", NO_VALUE, 2]}}, {"a": 1}),
        (EQUAL, {"Fn::If": ["C", {"Fn::If": ["C", "in", "x"]}, "no"]}, "in"),
        (EQUAL, {"Fn::Join": ["", ["a", {"Fn::If": ["C", "b", "c"]}]]}, "ab"),
        (EQUAL, {"Fn::Sub": ["${A}", {"A": {"Fn::If": ["C", "b", "c"]}}]}, "b"),
        (
            UNKNOWN,
            {"Fn::If": ["C", {"Ref": "Stage"}, NO_VALUE]},
            {"Fn::If": ["C", "prod", NO_VALUE]},
        ),
        (EQUAL, {"Fn::If": ["C", "too few"]}, {"Fn::If": ["C", "too few"]}),
        (EQUAL, NO_VALUE, "gone"),
    ],
)
def test_the_branch_that_holds_is_taken(condition: Any, value: Any, expected: Any) -> None:
    assert put_in(condition, value) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [(EQUAL, {"R", "Always"}), (UNEQUAL, {"Always"}), (UNKNOWN, {"R", "Always"})],
)
@pytest.mark.parametrize("section", ["Resources", "Outputs"])
def test_what_a_false_condition_leaves_out_is_not_there(
    section: str, condition: Any, expected: set[str]
) -> None:
    items = {"R": {"Condition": "C", "Value": "x"}, "Always": {"Value": "y"}}
    template = {"Parameters": PARAMETERS, "Conditions": {"C": condition}, section: items}
    actual = resolve(template, Values(parameters={"Stage": "prod"}))[section]

    assert set(actual) == expected


def test_a_condition_of_a_policy_document_is_no_reference() -> None:
    statement = {"Effect": "Allow", "Condition": {"StringEquals": {"a": {"Ref": "Stage"}}}}

    assert put_in(EQUAL, statement) == {
        "Effect": "Allow",
        "Condition": {"StringEquals": {"a": "prod"}},
    }
