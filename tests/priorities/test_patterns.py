"""What a pattern covers, and how narrow a path is."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, strategies

from ecs_blocks.priorities.patterns import covers, depth, has_wildcard, text_of, wildcards
from ecs_blocks.values import Token
from tests.properties import MODEST

COVERED = [
    ("*", "/shop"),
    ("*", "*"),
    ("*", ""),
    ("/*", "/shop/*"),
    ("/shop*", "/shop"),
    ("/shop*", "/shop/*"),
    ("/shop/*", "/shop/*.png"),
    ("/shop/?", "/shop/a"),
    ("/a?", "/a?"),
    ("/*/b", "/a/b"),
    ("/*/b", "/a/*/b"),
    ("*?", "?*"),
    ("?*", "*?"),
    ("**", "*"),
    ("*a*", "*xa?*"),
    ("*.example.com", "www.example.com"),
    ("*.example.com", "*.www.example.com"),
]
NOT_COVERED = [
    ("/shop", "/shop/*"),
    ("/shop/*", "/shop"),
    ("/shop/*", "/shopping"),
    ("/shop/?", "/shop/*"),
    ("?", "*"),
    ("/a*", "/*"),
    ("/a/*", "/*/a"),
    ("*.example.com", "example.com"),
    ("", "a"),
]


@pytest.mark.parametrize(("wide", "narrow"), COVERED)
def test_what_is_covered(wide: str, narrow: str) -> None:
    assert covers(wide, narrow)


@pytest.mark.parametrize(("wide", "narrow"), NOT_COVERED)
def test_what_is_not_covered(wide: str, narrow: str) -> None:
    assert not covers(wide, narrow)


SMALL = strategies.text(alphabet="ab/*?", max_size=7)
PLAIN = strategies.text(alphabet="ab/", max_size=7)


def matches(pattern: str, text: str) -> bool:
    """As a load balancer does it."""
    return re.fullmatch(pattern.replace("*", ".*").replace("?", "."), text) is not None


@MODEST
@given(wide=SMALL, text=PLAIN)
def test_a_plain_text_is_covered_by_what_matches_it(wide: str, text: str) -> None:
    assert covers(wide, text) == matches(wide, text)


@pytest.mark.slow
@MODEST
@given(wide=SMALL, narrow=SMALL, filled=strategies.lists(PLAIN, min_size=7, max_size=7))
def test_what_is_covered_is_matched_whatever_the_wildcards_stand_for(
    wide: str, narrow: str, filled: list[str]
) -> None:
    parts = iter(filled)
    text = "".join(
        {"*": next(parts), "?": "a"}.get(character, character) if character in "*?" else character
        for character in narrow
    )

    assert matches(narrow, text)
    if covers(wide, narrow):
        assert matches(wide, text)


@MODEST
@given(one=SMALL, other=SMALL, third=SMALL)
def test_covering_is_an_order(one: str, other: str, third: str) -> None:
    assert covers(one, one)
    if covers(one, other) and covers(other, third):
        assert covers(one, third)


@MODEST
@example(wide="//*", narrow="//")
@given(wide=SMALL.map("/".__add__), narrow=SMALL.map("/".__add__))
def test_what_is_covered_is_never_less_deep(wide: str, narrow: str) -> None:
    if covers(wide, narrow):
        assert depth(wide)[0] <= depth(narrow)[0]


DEPTHS = [
    ("*", (0, 0)),
    ("/", (0, 0)),
    ("/*", (0, 0)),
    ("/shop", (1, 0)),
    ("/shop/", (1, 0)),
    ("/shop/*", (1, 0)),
    ("/shop*", (0, 1)),
    ("/shop/*.png", (1, 1)),
    ("/shop/?", (1, 1)),
    ("/shop/api/v1/*", (3, 0)),
    ("//", (0, 0)),
    ("//*", (0, 0)),
    ("/shop//*", (1, 0)),
    ("/shop//api", (2, 0)),
    ("/*/admin", (0, 1)),
    ("*.png", (0, 1)),
    ("/" + "a/" * 40, (15, 0)),
]


@pytest.mark.parametrize(("path", "found"), DEPTHS)
def test_how_deep_a_path_is(path: str, found: tuple[int, int]) -> None:
    assert depth(path) == found


TEXTS = [
    ("shop.example.com", "shop.example.com"),
    ({"Ref": "Host"}, "${Host}"),
    ({"Fn::Sub": "shop.${Zone}"}, "shop.${Zone}"),
    ({"Fn::Sub": ["shop.${Part1}", {"Part1": {"Fn::ImportValue": "x"}}]}, "shop.${Part1}"),
    ({"Fn::ImportValue": "zone"}, "${…}"),
    (Token({"Ref": "Host"}), "${Host}"),
    (7, "7"),
]


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_a_token_as_text(value: object, text: str) -> None:
    assert text_of(value) == text


def test_wildcards_are_counted() -> None:
    assert wildcards("/*/a?b/*") == 3


@pytest.mark.parametrize(
    ("value", "has"),
    [
        ("*.example.com", True),
        ("www.example.com", False),
        ({"Fn::Sub": "*.${Zone}"}, True),
        ({"Fn::Sub": "www.${Zone}"}, False),
        ({"Fn::ImportValue": "zone"}, False),
    ],
)
def test_a_wildcard_is_one_that_is_written(value: object, has: bool) -> None:  # noqa: FBT001
    assert has_wildcard(value) is has
