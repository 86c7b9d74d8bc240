"""A YAML file as a tree: where everything stands, and what it is taken for."""

from __future__ import annotations

import pytest

from ecs_blocks.environment.nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    describe,
    meaning,
    shortened,
)
from ecs_blocks.environment.source import parse

TEXT = """\
a: 1
b:
- x
-   "y": [on, ~]
"é日": !Ssm /n
"""


def tree(content: str) -> Node:
    node, problems = parse(content.encode(), "f.yaml")

    assert problems == []
    assert node is not None
    return node


def outline(node: Node) -> object:
    """The tree with every place: ``(line, column, what)``."""
    match node:
        case Mapping(pairs=pairs):
            what: object = {key.text: outline(value) for key, value in pairs}
        case Sequence(items=items):
            what = [outline(item) for item in items]
        case Scalar(text=text, kind=kind, tag=tag):
            what = (text, kind) if tag is None else (text, kind, tag)
    return node.line, node.column, what


def test_every_value_knows_where_it_stands() -> None:
    assert outline(tree(TEXT)) == (
        1,
        1,
        {
            "a": (1, 4, ("1", "int")),
            "b": (
                3,
                1,
                [
                    (3, 3, ("x", "str")),
                    (4, 5, {"y": (4, 10, [(4, 11, ("on", "bool")), (4, 15, ("~", "null"))])}),
                ],
            ),
            "é日": (5, 7, ("/n", "str", "!Ssm")),
        },
    )


def test_every_key_knows_where_it_stands() -> None:
    node = tree("a: 1\n  \nb: {c: 2}\n")

    assert isinstance(node, Mapping)
    assert [(key.text, key.line, key.column) for key, _ in node.pairs] == [
        ("a", 1, 1),
        ("b", 3, 1),
    ]
    assert (node.key("b"), node.key("c")) == (node.pairs[1][0], None)
    assert (node.get("b"), node.get("c")) == (node.pairs[1][1], None)


def test_an_alias_stands_where_its_anchor_does() -> None:
    assert outline(tree("a: &x [1]\nb: *x\n")) == (
        1,
        1,
        {"a": (1, 4, [(1, 8, ("1", "int"))]), "b": (1, 4, [(1, 8, ("1", "int"))])},
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1", "a mapping"),
        ("[a]", "a list"),
        ("word", 'text "word"'),
        ('"10"', 'text "10"'),
        ("10", "the number 10"),
        ("1.5", "the number 1.5"),
        ("2026-11-23", "the date 2026-11-23"),
        ("on", "on"),
        ("~", "nothing"),
        ("x" * 61, f'text "{"x" * 57}\u2026"'),
        ("x" * 60, f'text "{"x" * 60}"'),
        ('"a\\nb\\u001b[31m"', 'text "a b\\x1b[31m"'),
        ("a\u200bb\u00a0c", 'text "a\\u200bb c"'),
        ("late\ufeff", 'text "late\\ufeff"'),
    ],
)
def test_a_node_is_described_in_a_few_words(text: str, expected: str) -> None:
    assert describe(tree(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on", "true"),
        ("OFF", "false"),
        ("010", "the number 8"),
        ("1:30", "the number 90"),
        ("0b_", "a number"),
        ("~", "nothing"),
        ("2026-11-23", "a date"),
        ("<<", "a merge"),
    ],
)
def test_what_yaml_makes_of_a_word_is_said(text: str, expected: str) -> None:
    node = tree(text)

    assert isinstance(node, Scalar)
    assert meaning(node) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("a\tb\u2028c", "a b c"), ("", ""), ("日" * 61, "日" * 57 + "\u2026")]
)
def test_what_is_shown_stays_on_one_line(text: str, expected: str) -> None:
    assert shortened(text) == expected


def test_nothing_is_no_tree() -> None:
    assert parse(b"", "f.yaml") == (None, [])


def test_problems_of_keys_do_not_end_the_reading() -> None:
    node, problems = parse(b"a: 1\n1: x\na: 2\n? [b]\n: 3\nc: 4\n", "f.yaml")

    assert isinstance(node, Mapping)
    assert [key.text for key, _ in node.pairs] == ["a", "c"]
    assert [str(problem) for problem in problems] == [
        'f.yaml:2:1: YAML reads this key as the number 1; write it in quotes: "1"',
        "f.yaml:3:1: a: duplicate key; it stands in line 1 too",
        "f.yaml:4:3: a key is text, not a list",
    ]
