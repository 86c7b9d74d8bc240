"""Parameters and outputs that differ."""

from __future__ import annotations

from typing import Any

from ecs_blocks.review.changes import compared
from ecs_blocks.review.difference.causes import changed_parameters
from ecs_blocks.review.model import ParameterChange
from tests.review.stacks import body, side


def test_values_that_differ_with_their_places() -> None:
    declared = {name: {"Type": "String"} for name in ("Same", "Other", "Gone")}
    before = side({}, Parameters=declared, parameters={"Same": "1", "Other": "1", "Gone": "1"})
    declared = {name: {"Type": "String", "Default": "d"} for name in ("Same", "Other", "New")}
    after = side(
        {},
        Parameters=declared,
        parameters={"Same": "1", "Other": "2"},
        places={"Other": "stacks/hoge/environment.yaml:7"},
    )

    assert changed_parameters(before, after) == (
        ParameterChange(
            name="Other", before="1", after="2", place="stacks/hoge/environment.yaml:7"
        ),
        ParameterChange(name="New", before=None, after="d"),
        ParameterChange(name="Gone", before="1", after=None),
    )


def test_a_default_that_nothing_overrides_counts() -> None:
    before, after = (
        side({}, Parameters={"A": {"Type": "Number", "Default": default}}) for default in (1, 2)
    )

    assert changed_parameters(before, after) == (ParameterChange(name="A", before="1", after="2"),)


def rows(before: Any, after: Any, resources: tuple[Any, Any] = ({}, {})) -> list[tuple[Any, ...]]:
    """What differs of the outputs."""
    sides = [
        side(one, Outputs=outputs) for one, outputs in zip(resources, (before, after), strict=True)
    ]
    return [(one.path, one.before, one.after) for one in compared(*sides).outputs]


def test_outputs_that_differ() -> None:
    before = {"Url": {"Value": "a", "Export": {"Name": "one"}}, "Gone": {"Value": 1}}
    after = {"Url": {"Value": "b", "Export": {"Name": "two"}}, "New": {"Value": 2}}

    assert rows(before, after) == [
        ("Url.Value", "a", "b"),
        ("Url.Export.Name", "one", "two"),
        ("New", None, {"Value": "2"}),
        ("Gone", {"Value": "1"}, None),
    ]


def test_another_description_of_an_output_is_nothing() -> None:
    assert rows({"A": {"Value": 1, "Description": "a"}}, {"A": {"Value": 1}}) == []


def test_an_output_follows_what_it_refers_to() -> None:
    outputs = {"Name": {"Value": {"Ref": "Group"}}, "Other": {"Value": {"Ref": "Topic"}}}
    resources = (
        {"Group": body("Logs::LogGroup", LogGroupName="a"), "Topic": body("SNS::Topic")},
        {"Group": body("Logs::LogGroup", LogGroupName="b"), "Topic": body("SNS::Topic")},
    )

    assert rows(outputs, outputs, resources) == [("Name.Value", {"Ref": "Group"}, {"Ref": "Group"})]
