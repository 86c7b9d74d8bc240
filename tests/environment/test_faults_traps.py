"""YAML's surprises: what YAML 1.1 takes for something else than it looks like is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.environment.kinds import problems_of

if TYPE_CHECKING:
    from pathlib import Path

# plain text and what YAML 1.1 makes of it
TEXTS = [
    ("012345670123", "the number 1402433619"),
    ("123456789012", "the number 123456789012"),
    ("10", "the number 10"),
    ("1_000", "the number 1000"),
    ("0x1F", "the number 31"),
    ("0b11", "the number 3"),
    ("-1.5", "the number -1.5"),
    ("1.", "the number 1.0"),
    (".5", "the number 0.5"),
    ("1.0e+3", "the number 1000.0"),
    ("22:22", "the number 1342"),
    ("1:30:00", "the number 5400"),
    (".inf", "the number inf"),
    (".NaN", "the number nan"),
    ("0b_", "a number"),
    ("on", "true"),
    ("Off", "false"),
    ("YES", "true"),
    ("no", "false"),
    ("true", "true"),
    ("False", "false"),
    ("2026-11-23", "a date"),
    ("2026-99-99", "a date"),
    ("2026-11-23T10:00:00Z", "a date"),
    ("<<", "a merge"),
    ("=", "a value"),
]

# a number that is not written with digits alone, and what YAML 1.1 reads
NUMBERS = [
    ("010", "8"),
    ("0x10", "16"),
    ("0b11", "3"),
    ("1_000", "1000"),
    ("1:20", "80"),
    ("1:20.5", "80.5"),
]

# what is a number, or text, whoever reads it: there is nothing to explain
NO_SURPRISES = [
    ("1.0", "the number 1.0"),
    ("1.5", "the number 1.5"),
    (".5", "the number .5"),
    (".inf", "the number .inf"),
    (".nan", "the number .nan"),
    ("-0o7", 'text "-0o7"'),
]

KEYS = [
    ("1: x", '3:5: YAML reads this key as the number 1; write it in quotes: "1"'),
    ("010: x", '3:5: YAML reads this key as the number 8; write it in quotes: "010"'),
    ("on: x", '3:5: YAML reads this key as true; write it in quotes: "on"'),
    ("No: x", '3:5: YAML reads this key as false; write it in quotes: "No"'),
    ("~: x", '3:5: YAML reads this key as nothing; write it in quotes: "~"'),
    ("null: x", '3:5: YAML reads this key as nothing; write it in quotes: "null"'),
    ("2026-11-23: x", '3:5: YAML reads this key as a date; write it in quotes: "2026-11-23"'),
    ("1.5: x", '3:5: YAML reads this key as the number 1.5; write it in quotes: "1.5"'),
    ("? [a, b]\n    : x", "3:7: a key is text, not a list"),
    ("{a: b}: x", "3:5: a key is text, not a mapping"),
]


@pytest.mark.parametrize(("text", "meaning"), TEXTS)
def test_text_that_yaml_takes_for_something_else_is_to_be_quoted(
    tmp_path: Path, text: str, meaning: str
) -> None:
    expected = (
        f"3:12: parameters.dev.Words: expected text, but YAML reads {text} as {meaning}; "
        f'write it in quotes: "{text}"'
    )

    assert problems_of(tmp_path, f"Words: {text}") == [expected]


@pytest.mark.parametrize("text", ["~", "null", "Null", "NULL"])
def test_no_value_at_all_is_not_empty_text(tmp_path: Path, text: str) -> None:
    expected = (
        "3:12: parameters.dev.Words: expected text, got nothing; "
        'write "" for empty text, or leave the key out'
    )

    assert problems_of(tmp_path, f"Words: {text}") == [expected]


@pytest.mark.parametrize(("text", "reading"), NUMBERS)
def test_a_number_is_written_with_digits(tmp_path: Path, text: str, reading: str) -> None:
    expected = (
        f"3:12: parameters.dev.Count: expected a whole number, got the number {text}, which "
        f"YAML 1.1 reads as {reading}; write digits only, without a leading zero"
    )

    assert problems_of(tmp_path, f"Count: {text}") == [expected]


@pytest.mark.parametrize(("text", "given"), NO_SURPRISES)
def test_what_is_no_whole_number_is_just_named(tmp_path: Path, text: str, given: str) -> None:
    expected = f"3:12: parameters.dev.Count: expected a whole number, got {given}"

    assert problems_of(tmp_path, f"Count: {text}") == [expected]


def test_a_number_does_not_begin_with_its_point(tmp_path: Path) -> None:
    expected = "3:12: parameters.dev.Ratio: expected a number, got the number .5; write 0.5"

    assert problems_of(tmp_path, "Ratio: .5") == [expected]


@pytest.mark.parametrize(("line", "expected"), KEYS)
def test_a_key_that_is_not_text_is_refused(tmp_path: Path, line: str, expected: str) -> None:
    assert problems_of(tmp_path, line) == [expected]


@pytest.mark.parametrize("text", ["012345670123", "123456789012"])
def test_an_account_is_text(tmp_path: Path, text: str) -> None:
    number = int(text, 8 if text.startswith("0") else 10)
    expected = (
        f"3:14: parameters.dev.Account: expected an account id, but YAML reads {text} "
        f'as the number {number}; write it in quotes: "{text}"'
    )

    assert problems_of(tmp_path, f"Account: {text}") == [expected]


THERE_ARE = "there are !StackOutput, !Ssm, !Vpc, !Subnets and !SecurityGroup"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Words: !Ref VpcId",
            [f"parameters.dev.Words: !Ref is not known here; {THERE_ARE}"],
        ),
        (
            "Words: !!python/name:os.system x",
            [
                "parameters.dev.Words: tag:yaml.org,2002:python/name:os.system is not known here; "
                f"{THERE_ARE}"
            ],
        ),
        (
            "Names: !!python/object/apply:os.system [ls]",
            [
                "the tag tag:yaml.org,2002:python/object/apply:os.system cannot stand before a "
                "list or a mapping"
            ],
        ),
    ],
)
def test_a_tag_of_another_language_is_refused(
    tmp_path: Path, line: str, expected: list[str]
) -> None:
    assert problems_of(tmp_path, line) == [f"3:12: {problem}" for problem in expected]
