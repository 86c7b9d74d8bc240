"""Templates as text: YAML that every parser reads the same way, and JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecs_blocks.templates.text import to_json, to_yaml
from tests.properties import MODEST, TEXTS
from tests.templates.short_yaml import load, read_otherwise

TREES: st.SearchStrategy[Any] = st.recursive(
    TEXTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(TEXTS, inner, max_size=4).filter(
            lambda tree: not (len(tree) == 1 and str(next(iter(tree))).startswith("Fn::"))
        ),
    ),
    max_leaves=12,
)

SHORT = [
    ({"Ref": "A"}, "P: !Ref A\n"),
    ({"Ref": "AWS::Region"}, "P: !Ref AWS::Region\n"),
    ({"Condition": "C"}, "P: !Condition C\n"),
    ({"Fn::GetAtt": ["A", "Arn"]}, "P: !GetAtt A.Arn\n"),
    ({"Fn::GetAtt": ["A", "Endpoint.Address"]}, "P: !GetAtt A.Endpoint.Address\n"),
    ({"Fn::GetAtt": "A.Arn"}, "P: !GetAtt A.Arn\n"),
    ({"Fn::GetAtt": ["A", {"Ref": "B"}]}, "P: !GetAtt\n- A\n- !Ref B\n"),
    ({"Fn::Sub": "a-${B}"}, "P: !Sub a-${B}\n"),
    ({"Fn::Sub": "${A}: x"}, "P: !Sub '${A}: x'\n"),
    ({"Fn::Sub": "a\nb"}, "P: !Sub |-\n  a\n  b\n"),
    ({"Fn::Sub": ["${A}", {"A": "x"}]}, "P: !Sub\n- ${A}\n- A: x\n"),
    ({"Fn::Join": ["-", ["a", {"Ref": "B"}]]}, "P: !Join\n- '-'\n- - a\n  - !Ref B\n"),
    ({"Fn::GetAZs": ""}, "P: !GetAZs ''\n"),
    ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "P: !Select\n- 0\n- !GetAZs ''\n"),
    ({"Fn::Base64": {"Fn::Sub": "x"}}, "P:\n  Fn::Base64: !Sub x\n"),
    ({"Fn::ImportValue": {"Ref": "A"}}, "P:\n  Fn::ImportValue: !Ref A\n"),
    ({"Fn::If": ["C", {"Ref": "A"}, "b"]}, "P: !If\n- C\n- !Ref A\n- b\n"),
    ({"Condition": {"Bool": {"a": "b"}}}, "P:\n  Condition:\n    Bool:\n      a: b\n"),
    ({"Ref": "A", "Other": 1}, "P:\n  Ref: A\n  Other: 1\n"),
]

# text that one parser of YAML or another takes for something else
AMBIGUOUS = [
    *("yes", "No", "on", "OFF", "true", "False", "y", "N", "null", "~", "Null", ""),
    *("1", "010", "0o10", "0x1F", "0b1", "1_000", "1:20", "22:22:22", "+1", "-1", "1.", ".5"),
    *("1e3", "1E3", "1e+3", ".inf", "-.INF", ".nan", "2012-10-17", "2001-12-14t21:59:43.10-05:00"),
    *("<<", "=", "-", "- a", "? a", ": a", "a: b", "a #b", "# a", "[a", "{a", "*a", "&a", "!a"),
    *("@a", "`a", "%a", "|", ">", "'a", '"a', " a", "a ", "---", "...", "123456789012", "1,000"),
    *("0123", "0.10", "1.10", "12e03", "0x", "0xg", "0o8", "E1", "_1", "1_"),
]


@pytest.mark.parametrize(("value", "expected"), SHORT)
def test_an_intrinsic_function_is_written_in_its_short_form(value: Any, expected: str) -> None:
    actual = to_yaml({"P": value})

    assert actual == expected
    if value != {"Fn::GetAtt": "A.Arn"}:
        assert load(actual) == {"P": value}


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_text_is_text_to_every_parser(text: str) -> None:
    written = to_yaml({"P": text, text: "P"})

    assert load(written) == {"P": text, text: "P"}
    assert read_otherwise(written) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, "true"), (False, "false"), (0, "0"), (512, "512"), (0.5, "0.5"), ("", "''")],
)
def test_scalars_that_are_no_text_are_not_quoted(value: object, expected: str) -> None:
    assert to_yaml({"P": value}) == f"P: {expected}\n"


def test_several_lines_are_written_as_lines() -> None:
    assert to_yaml({"P": "one\ntwo\n"}) == "P: |\n  one\n  two\n"


def test_what_stands_twice_is_written_twice() -> None:
    shared = ["a"]

    assert to_yaml({"P": shared, "Q": shared}) == "P:\n- a\nQ:\n- a\n"


def test_the_order_is_kept_and_long_lines_stay_readable() -> None:
    text = "word " * 40

    assert list(load(to_yaml({"b": 1, "a": 2}))) == ["b", "a"]
    assert load(to_yaml({"P": text})) == {"P": text}
    assert max(len(line) for line in to_yaml({"P": text}).splitlines()) <= 105


def test_json_is_indented_and_keeps_letters_and_order() -> None:
    assert to_json({"b": "é日", "a": [1, True, None]}) == (
        '{\n  "b": "é日",\n  "a": [\n    1,\n    true,\n    null\n  ]\n}\n'
    )


@MODEST
@given(tree=TREES)
@example(tree={"a": "\x85"})
@example(tree={"a": "\u2028b"})
@example(tree=["\ufeff"])
@example(tree="a\n \nb")
@example(tree="\n a")
@example(tree="a\r\nb")
@example(tree={"Ref": ""})
@example(tree={"Ref": "a\nb "})
@example(tree={"Ref": ["a"]})
@example(tree={"Condition": ["a"]})
def test_any_tree_of_text_is_read_back_as_it_was(tree: Any) -> None:
    written = to_yaml(tree)

    assert load(written) == tree
    assert read_otherwise(written) == []
    assert json.loads(to_json(tree)) == tree
