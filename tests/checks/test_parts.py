"""Walking the parts of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.checks.model import Fault, Resource, Template, Unknown
from ecs_blocks.checks.views.parts import Part, each, elsewhere, literal, number, parts, text, whole
from ecs_blocks.checks.views.references import made_before
from tests.checks.helpers import resource

if TYPE_CHECKING:
    from collections.abc import Iterator

UNKNOWN = {"Ref": "Parameter"}


def thing(**properties: Any) -> Resource:
    return Resource("Thing", "AWS::Test::Thing", {"Properties": properties})


def test_paths_are_those_of_the_resource() -> None:
    (part,) = parts(thing(Outer={"Inner": [{"Name": "a", "Deep": [1, 2]}]}), "Outer.Inner")

    assert part.at("Name") == "Outer.Inner.0.Name"
    assert [one.path for one in part.items("Deep")] == [
        "Outer.Inner.0.Deep.0",
        "Outer.Inner.0.Deep.1",
    ]
    assert whole(thing()).at("Name") == "Name"


def test_a_null_is_as_good_as_nothing() -> None:
    assert Part("A", {"Name": None}).get("Name", "default") == "default"
    assert list(Part("A", {"Names": None}).items("Names")) == []


@pytest.mark.parametrize(
    ("value", "path", "unknown"),
    [
        (UNKNOWN, "Name", "A"),
        ({"Name": UNKNOWN}, "Name", "A.Name"),
        ({"Name": {"Fn::If": ["B", {}, {}]}}, "Name.Inner", "A.Name"),
    ],
)
def test_what_is_unknown_is_named_with_its_whole_path(value: Any, path: str, unknown: str) -> None:
    with pytest.raises(Unknown) as raised:
        Part("A", value).get(path)

    assert raised.value.property == unknown


def test_raw_returns_an_intrinsic_function() -> None:
    assert Part("A", {"Name": UNKNOWN}).raw("Name") == UNKNOWN
    assert Part("A", "text").raw("Name") is None


def test_raw_raises_where_the_part_itself_is_unknown() -> None:
    with pytest.raises(Unknown):
        Part("A", UNKNOWN).raw("Name")


def test_each_judges_all_and_raises_the_first_unknown_at_the_end() -> None:
    def judge(one: str) -> Iterator[Fault]:
        if one.startswith("unknown"):
            raise Unknown(one)
        yield Fault(one, "bad")

    judged = each(["a", "unknown 1", "b", "unknown 2"], judge)

    assert [next(judged).property, next(judged).property] == ["a", "b"]
    with pytest.raises(Unknown) as raised:
        next(judged)
    assert raised.value.property == "unknown 1"


def test_elsewhere_names_the_property_here() -> None:
    with pytest.raises(Unknown) as raised, elsewhere("TaskDefinition"):
        Part("A", UNKNOWN).get("Name")

    assert raised.value.property == "TaskDefinition"


@pytest.mark.parametrize(
    ("value", "found"), [(1, 1), ("1.5", 1.5), (" 7 ", 7), ("x", None), (True, None), ([], None)]
)
def test_number(value: object, found: float | None) -> None:
    assert number(value) == found


@pytest.mark.parametrize(("value", "found"), [("a", "a"), (1, "1"), (True, "true"), ([], "")])
def test_text(value: object, found: str) -> None:
    assert text(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", "a"),
        ({"Fn::Sub": "a-${B}"}, "a-${B}"),
        ({"Fn::Sub": ["a-${B}", {"B": UNKNOWN}]}, "a-${B}"),
        ({"Fn::Join": ["-", ["a", UNKNOWN]]}, "a-${}"),
        (UNKNOWN, ""),
        (7, ""),
    ],
)
def test_literal(value: object, found: str) -> None:
    assert literal(value) == found


def test_made_before() -> None:
    template = Template(
        {
            "Resources": {
                "A": {**resource("T", Name={"Ref": "B"}), "DependsOn": "C"},
                "B": {**resource("T"), "DependsOn": ["D", 7]},
                "C": resource("T", Name={"Ref": "A"}),
                "D": resource("T", Name={"Ref": "Parameter"}),
                "E": resource("T"),
            }
        }
    )

    assert made_before(template, "A") == {"A", "B", "C", "D", "Parameter"}
    assert made_before(template, "E") == set()
    assert made_before(template, "Missing") == set()
