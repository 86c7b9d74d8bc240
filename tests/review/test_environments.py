"""Environments beside each other: every parameter, and what no parameter tells."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.review.environments import beside_each_other
from ecs_blocks.review.side import Side

TOPIC = {"Type": "AWS::SNS::Topic"}


def side(template: dict[str, Any], **settings: Any) -> Side:
    return Side(stack_name="s", template=template, **settings)


def declared(**parameters: Any) -> dict[str, Any]:
    return {"Parameters": parameters, "Resources": {"T": TOPIC}}


def rows(**sides: Side) -> dict[str, tuple[dict[str, str | None], bool]]:
    found = beside_each_other("hoge", sides)
    return {one.name: (one.values, one.differs) for one in found.parameters}


def test_values_lookups_and_defaults() -> None:
    template = declared(A={"Type": "String"}, B={"Type": "Number", "Default": 7}, C={})

    found = rows(
        stg=side(template, parameters={"A": "x"}, lookups={"C": "!Ssm /a"}),
        prod=side(template, parameters={"A": "y", "C": "z"}),
    )

    assert found == {
        "A": ({"stg": "x", "prod": "y"}, True),
        "B": ({"stg": "7", "prod": "7"}, False),
        "C": ({"stg": "!Ssm /a", "prod": "z"}, True),
    }


def test_a_parameter_that_one_does_not_declare() -> None:
    found = rows(stg=side(declared()), prod=side(declared(A={}), parameters={"A": ""}))

    assert found == {"A": ({"stg": None, "prod": ""}, True)}


@pytest.mark.parametrize(("stg", "differs"), [("hunter2", True), ("hunter3", False)])
def test_a_hidden_value_is_compared_and_not_shown(
    stg: str,
    differs: bool,  # noqa: FBT001 - a table
) -> None:
    template = declared(Password={"Type": "String", "NoEcho": True})

    found = rows(
        stg=side(template, parameters={"Password": stg}),
        prod=side(template, parameters={"Password": "hunter3"}),
    )

    assert found == {"Password": ({"stg": "(hidden)", "prod": "(hidden)"}, differs)}


@pytest.mark.parametrize(
    ("name", "value"), [("DbPassword", "hunter2"), ("Url", "postgres://u:hunter2@db")]
)
def test_what_is_a_credential_by_name_or_form_is_not_shown(name: str, value: str) -> None:
    found = rows(prod=side(declared(**{name: {"Type": "String"}}), parameters={name: value}))

    assert found == {name: ({"prod": "(hidden)"}, False)}


def test_what_the_app_sets_comes_first() -> None:
    places = {"Vpc": "stacks/platform.yaml:3", "Size": "stacks/hoge/environment.yaml:9"}
    one = side(declared(Vpc={}, Size={}, Plain={}), places=places)

    assert list(rows(stg=one, prod=one)) == ["Size", "Plain", "Vpc"]


QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 1}}
OTHER = {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 2}}


@pytest.mark.parametrize(
    ("dev", "stg", "prod", "expected"),
    [
        ({"Q": QUEUE}, {"Q": QUEUE}, {"Q": QUEUE}, []),
        ({}, {}, {"Q": QUEUE}, ["only prod has Q (AWS::SQS::Queue)"]),
        ({}, {"Q": QUEUE}, {"Q": QUEUE}, ["only stg and prod have Q (AWS::SQS::Queue)"]),
        (
            {"Q": QUEUE},
            {"Q": QUEUE},
            {"Q": OTHER},
            ["Q: DelaySeconds in dev and stg is not that in prod"],
        ),
        (
            {"Q": QUEUE},
            {"Q": QUEUE},
            {"Q": QUEUE | {"DeletionPolicy": "Retain"}},
            ["Q: DeletionPolicy in dev and stg is not that in prod"],
        ),
        (
            {"Q": OTHER | {"Condition": "C"}},
            {"Q": QUEUE},
            {"Q": QUEUE | {"Condition": "D"}},
            [
                "Q: DelaySeconds in dev is not that in stg and prod",
                "Q: Condition is another one in each of dev, stg and prod",
            ],
        ),
    ],
)
def test_templates_that_differ(
    dev: dict[str, Any], stg: dict[str, Any], prod: dict[str, Any], expected: list[str]
) -> None:
    sides = {
        name: side({"Resources": {"T": TOPIC, **resources}})
        for name, resources in (("dev", dev), ("stg", stg), ("prod", prod))
    }

    assert list(beside_each_other("hoge", sides).resources) == expected


def test_an_output_that_differs() -> None:
    sides = {
        "stg": side({"Resources": {}, "Outputs": {}}),
        "prod": side({"Resources": {}, "Outputs": {"Url": {"Value": "x"}}}),
    }

    assert beside_each_other("hoge", sides).resources == ("only prod has the output Url",)
