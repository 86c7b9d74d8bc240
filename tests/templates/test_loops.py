"""Fn::ForEach written out."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ecs_blocks.templates.loops import MOST, TRANSFORM, unrolled
from ecs_blocks.templates.resolve import Values

QUEUE: Final = {"Type": "AWS::SQS::Queue"}


def written(section: Any, **parameters: str) -> Any:
    """What becomes of a Resources section."""
    template = {
        "Transform": ["AWS::Include", TRANSFORM],
        "Parameters": {name: {"Type": "CommaDelimitedList"} for name in ("Names", "Open")},
        "Resources": section,
    }
    return unrolled(template, Values(parameters=parameters))["Resources"]


CASES: Final[list[tuple[str, Any, Any]]] = [
    (
        "a list",
        {"Fn::ForEach::A": ["X", ["a", "b"], {"Queue${X}": QUEUE}], "Own": QUEUE},
        {"Queuea": QUEUE, "Queueb": QUEUE, "Own": QUEUE},
    ),
    (
        "a parameter",
        {"Fn::ForEach::A": ["X", {"Ref": "Names"}, {"Queue${X}": QUEUE}]},
        {"Queueone": QUEUE, "Queuetwo": QUEUE},
    ),
    (
        "its variable in a value",
        {
            "Fn::ForEach::A": [
                "X",
                ["a"],
                {"Q&{X}": {"N": {"Fn::Sub": "${X}-${Y}"}, "R": {"Ref": "X"}}},
            ]
        },
        {"Qa": {"N": {"Fn::Sub": "a-${Y}"}, "R": "a"}},
    ),
    (
        "a loop in a loop",
        {
            "Fn::ForEach::A": [
                "X",
                ["a", "b"],
                {"Fn::ForEach::B": ["Y", ["1", 2], {"Q${X}${Y}": QUEUE}]},
            ]
        },
        {"Qa1": QUEUE, "Qa2": QUEUE, "Qb1": QUEUE, "Qb2": QUEUE},
    ),
    (
        "properties",
        {"Q": {"Properties": {"Fn::ForEach::P": ["X", ["a"], {"Prop${X}": {"Ref": "X"}}], "B": 1}}},
        {"Q": {"Properties": {"Propa": "a", "B": 1}}},
    ),
    ("nothing to run over", {"Fn::ForEach::A": ["X", [], {"Q${X}": QUEUE}]}, {}),
]


@pytest.mark.parametrize(
    ("section", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_loop_is_written_out(section: Any, expected: Any) -> None:
    found = written(section, Names="one,two")

    assert found == expected
    assert list(found) == list(expected)


STAYS: Final = [
    ["X", {"Ref": "Open"}, {"Q${X}": QUEUE}],
    ["X", {"Fn::Split": [",", {"Ref": "Open"}]}, {"Q${X}": QUEUE}],
    ["X", [{"Ref": "Open"}], {"Q${X}": QUEUE}],
    ["X", ["a"]],
    ["X", ["a"], "text"],
    [{"Ref": "X"}, ["a"], {"Q${X}": QUEUE}],
    "text",
    None,
    ["X", ["a"] * (MOST + 1), {"Q${X}": QUEUE}],
]


@pytest.mark.parametrize("loop", STAYS, ids=lambda one: str(one)[:40])
def test_what_is_not_known_or_no_loop_stays(loop: Any) -> None:
    assert written({"Fn::ForEach::A": loop}) == {"Fn::ForEach::A": loop}


def test_loops_in_loops_do_not_fill_the_memory() -> None:
    body: Any = {"Q${A}${B}${C}${D}": QUEUE}
    for name in "ABCDE":
        body = {f"Fn::ForEach::{name}": [name, list("0123456789"), body]}

    assert len(str(written(body))) < 5_000_000


@pytest.mark.parametrize("transform", [None, "AWS::Serverless-2016-10-31", [], [{}]])
def test_without_the_transform_nothing_is_a_loop(transform: Any) -> None:
    template = {"Transform": transform, "Resources": {"Fn::ForEach::A": ["X", ["a"], {"Q": QUEUE}]}}

    assert unrolled(template, Values(parameters={})) is template
