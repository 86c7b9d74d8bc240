"""A small template that becomes a huge one is refused at once, by a review and by a check."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.errors import InputError
from ecs_blocks.review.judging import review_pair
from ecs_blocks.review.side import Pair, Side
from ecs_blocks.templates.resolve import MAX_CHARACTERS, Values, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

SMALL: Final[dict[str, Any]] = {"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}
MAX_S: Final = 30.0
"""Generous: what is refused takes seconds, what is not would take years."""


def topic(name: Any, **sections: Any) -> dict[str, Any]:
    properties = {"TopicName": name}
    resources = {"A": {"Type": "AWS::SNS::Topic", "Properties": properties}}
    return {**sections, "Resources": {**resources, "B": {"Type": "AWS::SNS::Topic"}}}


def nested(levels: int, inner: Any, around: Callable[[Any], Any]) -> Any:
    for _ in range(levels):
        inner = around(inner)
    return inner


def conditions(number: int, around: Callable[[dict[str, str]], Any]) -> dict[str, Any]:
    """Each made of the one before; whether the first holds, nobody knows."""
    named: dict[str, Any] = {"C0": {"Fn::Equals": [{"Ref": "Later"}, "x"]}}
    named |= {f"C{n}": around({"Condition": f"C{n - 1}"}) for n in range(1, number)}
    return {"Parameters": {"Later": {"Type": "String"}}, "Conditions": named}


def tenfold(inner: Any) -> Any:
    return {"Fn::Sub": ["${X}" * 10, {"X": inner}]}


TEXTS: Final[dict[str, dict[str, Any]]] = {
    "join": topic({"Fn::Join": ["x" * 1000, {"Fn::Split": ["a", "a" * 500_000]}]}),
    "joins": topic(
        nested(20, "ab", lambda one: {"Fn::Join": ["b" * 99, {"Fn::Split": ["b", one]}]})
    ),
    "subs": topic(nested(30, "a", tenfold)),
    "parameter": topic(
        [{"Ref": "Long"}] * 1000,
        Parameters={"Long": {"Type": "String", "Default": "x" * 1_000_000}},
    ),
    "list": topic(
        [{"Ref": "Long"}] * 1000,
        Parameters={"Long": {"Type": "CommaDelimitedList", "Default": "," * 1_000_000}},
    ),
}
TREES: Final[dict[str, dict[str, Any]]] = {
    "open subs": topic(nested(30, {"Ref": "B"}, tenfold)),
    "wide conditions": topic(
        {"Fn::If": ["C59", "a", "b"]}, **conditions(60, lambda one: {"Fn::And": [one] * 10})
    ),
    "a chain of conditions": topic(
        {"Fn::If": ["C2999", "a", "b"]}, **conditions(3000, lambda one: {"Fn::Not": [one]})
    ),
    "a chain that is decided from its beginning": topic(
        [{"Fn::If": [f"C{n}", "a", "b"]} for n in range(3000)],
        **conditions(3000, lambda one: {"Fn::Not": [one]}),
    ),
    "mappings": topic(
        [{"Fn::FindInMap": ["M", {"Ref": "Later"}, "k"]}] * 6000,
        Parameters={"Later": {"Type": "String"}},
        Mappings={"M": {"a": {f"k{n}": "x" for n in range(5000)}}},
    ),
}


@pytest.mark.parametrize("bomb", [*TEXTS.values(), *TREES.values()], ids=[*TEXTS, *TREES])
def test_a_review_refuses_it(bomb: dict[str, Any]) -> None:
    sides = [Side(stack_name="x", template=one) for one in (SMALL, bomb)]
    begun = time.monotonic()

    with pytest.raises(InputError, match=r"^the template: .*; CloudFormation takes no such$"):
        review_pair(Pair(app="x", environment="prod", before=sides[0], after=sides[1]))

    assert time.monotonic() - begun < MAX_S


@pytest.mark.parametrize("bomb", TEXTS.values(), ids=TEXTS)
def test_it_cannot_be_resolved(bomb: dict[str, Any]) -> None:
    known = {name: one["Default"] for name, one in bomb.get("Parameters", {}).items()}

    with pytest.raises(InputError, match=f"it has over {MAX_CHARACTERS:,} characters"):
        resolve(bomb, Values(parameters=known))


@pytest.mark.parametrize("opening", ["${", "${!", "${A", "${A ", "$${"])
def test_a_text_of_nothing_but_openings_takes_no_longer_than_it_is_long(opening: str) -> None:
    text = opening * 200_000
    sides = [Side(stack_name="x", template=topic({"Fn::Sub": text + end})) for end in ("", "x")]
    begun = time.monotonic()

    review_pair(Pair(app="x", environment="prod", before=sides[0], after=sides[1]))

    assert time.monotonic() - begun < MAX_S


def layered(layers: int, name: str) -> dict[str, Any]:
    """Each queue is called after both of the layer before: to the first lead 2 ** layers ways."""
    names: list[Any] = [name]
    names += [{"Fn::Sub": f"${{A{n}.QueueName}}${{B{n}.QueueName}}"} for n in range(layers - 1)]
    resources = {
        f"{one}{n}": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}
        for n, name in enumerate(names)
        for one in "AB"
    }
    return {"Resources": resources}


def trusting(name: str) -> dict[str, Any]:
    """A role whose trust is a million grants."""
    statement = {
        "Effect": "Allow",
        "Action": [f"sts:{n}*" for n in range(100)],
        "Resource": [f"arn:{n}*" for n in range(100)],
        "Principal": {"AWS": [f"arn:aws:iam::123456789012:role/{name}{n}" for n in range(100)]},
    }
    properties = {"AssumeRolePolicyDocument": {"Statement": [statement]}}
    return {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}}}


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda name: layered(40, name), "A0"),
        (trusting, "who may take it on changes, and is known during the deploy only"),
    ],
    ids=["ways", "grants"],
)
def test_what_is_small_and_has_many_ways_is_told_at_once(
    made: Callable[[str], dict[str, Any]], told: str
) -> None:
    sides = [Side(stack_name="x", template=made(name)) for name in ("old", "new")]
    begun = time.monotonic()
    found = review_pair(Pair(app="x", environment="prod", before=sides[0], after=sides[1]))

    assert any(told in one.text for one in found.consequences)
    assert time.monotonic() - begun < MAX_S


@pytest.mark.slow
def test_a_chain_that_is_longer_than_a_stack_is_followed_as_far_as_one() -> None:
    def chained(name: str) -> dict[str, Any]:
        names = [name, *({"Fn::GetAtt": [f"Q{n}", "QueueName"]} for n in range(1200))]
        queue = {"Type": "AWS::SQS::Queue"}
        return {
            "Resources": {
                f"Q{n}": queue | {"Properties": {"QueueName": name}} for n, name in enumerate(names)
            }
        }

    sides = [Side(stack_name="x", template=chained(name)) for name in ("old", "new")]
    found = review_pair(Pair(app="x", environment="prod", before=sides[0], after=sides[1]))

    assert len(found.changes) == 1201


def test_what_is_long_and_no_bomb_is_put_in() -> None:
    text = "x" * 1_000_000
    made = resolve(topic({"Fn::Join": ["", [{"Ref": "Long"}] * 5]}), Values({"Long": text}))

    assert made["Resources"]["A"]["Properties"]["TopicName"] == text * 5
