"""What checks see of a template: lookup, Unknown, attributes, targets, policies."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import (
    Resource,
    Template,
    Unknown,
    attributes,
    is_true,
    lookup,
    referenced,
    statements,
)
from ecs_blocks.checks.views.parts import as_items
from tests.checks.helpers import resource

TREE: dict[str, Any] = {
    "Name": "web",
    "Ports": [{"Port": 80}, {"Port": {"Ref": "Port"}}, {"Ref": "Mapping"}],
    "Network": {"Fn::If": ["Private", {"Assign": "DISABLED"}, {"Assign": "ENABLED"}]},
    "Nothing": None,
}
IF = {"Fn::If": ["Private", 1, 2]}


def part(**properties: Any) -> Resource:
    return Resource("Part", "AWS::Test::Part", {"Properties": properties})


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Name", "web"),
        ("Ports.0.Port", 80),
        ("Ports.7.Port", "default"),
        ("Ports.first", "default"),
        ("Name.Inner", "default"),
        ("Missing", "default"),
        ("Nothing", None),
        ("Nothing.Inner", "default"),
    ],
)
def test_lookup(path: str, found: object) -> None:
    assert lookup(TREE, path, "default") == found


@pytest.mark.parametrize(
    ("path", "unknown"),
    [
        ("Ports.1.Port", "Ports.1.Port"),
        ("Ports.2.Port", "Ports.2"),
        ("Network.Assign", "Network"),
        ("Network", "Network"),
    ],
)
def test_lookup_raises_where_a_value_is_unknown(path: str, unknown: str) -> None:
    with pytest.raises(Unknown) as raised:
        lookup(TREE, path)

    assert raised.value.property == unknown


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Network", TREE["Network"]),
        ("Ports.1.Port", {"Ref": "Port"}),
        ("Ports.2", {"Ref": "Mapping"}),
        ("Ports.7", "default"),
        ("Ports.first", "default"),
        ("Name.Inner", "default"),
        ("Missing", "default"),
    ],
)
def test_raw_returns_what_is_unknown(path: str, found: object) -> None:
    assert part(**TREE).raw(path, "default") == found


def test_raw_raises_where_the_way_to_it_is_unknown() -> None:
    with pytest.raises(Unknown):
        part(**TREE).raw("Network.Assign")


def test_items_have_paths() -> None:
    assert list(part(Ports=["a", IF]).items("Ports")) == [("Ports.0", "a"), ("Ports.1", IF)]


def test_items_of_what_is_no_list() -> None:
    assert list(part(Ports="a").items("Ports")) == [("Ports.0", "a")]
    assert list(part().items("Ports")) == []


def test_items_of_an_unknown_list() -> None:
    with pytest.raises(Unknown):
        list(part(Ports=IF).items("Ports"))


@pytest.mark.parametrize("body", [{}, {"Properties": None}, {"Properties": ["odd"]}])
def test_a_resource_without_properties(body: dict[str, Any]) -> None:
    odd = Resource("Odd", "AWS::Test::Part", body)

    assert odd.properties == {}
    assert odd.get("Any.Thing", "default") == "default"


def test_attributes() -> None:
    listed = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": IF}, {"Key": "c"}]

    assert attributes(part(Listed=listed), "Listed") == {"a": "1", "b": IF, "c": None}


def test_attributes_of_odd_items() -> None:
    assert attributes(part(Listed=["a", 7, None, {"Key": ["b"]}]), "Listed") == {"['b']": None}


@pytest.mark.parametrize("listed", [[IF], [{"Key": {"Ref": "Key"}, "Value": "1"}], IF])
def test_attributes_that_are_unknown(listed: Any) -> None:
    with pytest.raises(Unknown):
        attributes(part(Listed=listed), "Listed")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"Ref": "Role"}, "Role"),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "Role"),
        ({"Fn::GetAtt": ["Role", "Nested", "Arn"]}, "Role"),
        ({"Fn::GetAtt": "Role.Arn"}, "Role"),
        ({"Fn::Sub": "${Role}"}, "Role"),
        ({"Fn::Sub": "${Role.Arn}"}, "Role"),
        ({"Fn::Sub": "${Role}-x"}, None),
        ({"Fn::Sub": "${Role}${Other}"}, None),
        ({"Fn::If": ["A", {"Ref": "Role"}, {"Ref": "Role"}]}, None),
        ({"Ref": ["Role"]}, None),
        ("Role", None),
        (None, None),
    ],
)
def test_referenced(value: object, name: str | None) -> None:
    assert referenced(value) == name


def test_target() -> None:
    template = Template({"Resources": {"Role": resource("AWS::IAM::Role")}})

    found = template.target({"Fn::GetAtt": ["Role", "Arn"]})

    assert found is template.resources["Role"]
    assert template.target({"Ref": "Elsewhere"}) is None
    assert template.target("arn:aws:iam::123456789012:role/hoge") is None


def test_resources_are_found_by_type_in_order() -> None:
    template = Template(
        {
            "Resources": {
                "B": resource("AWS::IAM::Role"),
                "A": resource("AWS::SNS::Topic"),
                "C": resource("AWS::IAM::Role"),
                "Fn::ForEach::Topics": ["odd"],
            }
        }
    )

    assert [one.id for one in template.of_type("AWS::IAM::Role", "AWS::SNS::Topic")] == list("BAC")


def test_statements() -> None:
    one, two = {"Effect": "Allow"}, {"Effect": "Deny"}

    assert list(statements({"Statement": one})) == [("Statement.0", one)]
    assert list(statements({"Statement": [one, "odd", two]})) == [
        ("Statement.0", one),
        ("Statement.2", two),
    ]
    assert list(statements("odd")) == []


@pytest.mark.parametrize(("value", "found"), [(None, []), ("a", ["a"]), (["a"], ["a"]), ([], [])])
def test_as_items(value: object, found: list[object]) -> None:
    assert as_items(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [(True, True), ("true", True), ("True", True), (False, False), ("false", False), (1, False)],
)
def test_is_true(value: object, found: object) -> None:
    assert is_true(value) is found
