"""What is not YAML is said in one line, at the place where it is to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.environment.kinds import problems_of
from tests.project import ENVIRONMENT, project

if TYPE_CHECKING:
    from pathlib import Path

TAB = "a tab stands in the indentation; YAML is indented with spaces only"
QUOTE = "not YAML: the quote that opens here is never closed"
START = "not YAML: found character that cannot start any token; text that begins so goes in quotes"
COLON = (
    'not YAML: mapping values are not allowed in this context; text that holds ": " goes in '
    "quotes, or the line is indented too far"
)
KEY = "not YAML: a key has a colon and a space behind it, like TaskMemory: 512"
INDENT = "not YAML: did not find expected key; is it indented like the lines around it?"
LINES = [
    ('Words: "open', f"3:12: {QUOTE}"),
    ("Words: 'open", f"3:12: {QUOTE}"),
    (
        'Words: "C:\\dir"',
        "3:15: not YAML: found unknown escape character (while parsing a quoted scalar)",
    ),
    (
        'Words: "\\ud800"',
        "3:15: not YAML: found invalid Unicode character escape code (while parsing a quoted "
        "scalar)",
    ),
    ("Words: @x", f"3:12: {START}"),
    ("Words: `x`", f"3:12: {START}"),
    ("Words: %x", f"3:12: {START}"),
    ("Words: a: b", f"3:13: {COLON}"),
    ("Words: a:", f"3:13: {COLON}"),
    ("Words: *nowhere", "3:12: *nowhere: there is no anchor &nowhere before this"),
    ('Words: "a" b', f"3:16: {INDENT}"),
    ("Count: 1\n   Words: x", f"4:4: {INDENT}"),
    ("Count: 1\n      Words: x", f"4:12: {COLON}"),
    ("Count: 1\n    Words:x", f"4:5: {KEY}"),
    ("Count: 1\n    Words", f"4:5: {KEY}"),
    ("Count: 1\n    Words:x\n    Days: 1", f"4:5: {KEY}"),
    (
        "- Words: x\n    Count: 1",
        "4:5: not YAML: did not find expected '-' indicator (while parsing a block collection)",
    ),
    ("\tWords: x", f"3:5: {TAB}"),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_a_line_that_is_not_yaml(tmp_path: Path, line: str, expected: str) -> None:
    assert problems_of(tmp_path, line) == [expected]


def test_every_line_that_is_indented_with_a_tab_is_named(tmp_path: Path) -> None:
    made = project(tmp_path, "parameters:\n\tdev:\n  \tCount: 1\n  prod: {}\n")

    assert made.refusal() == [
        f"stacks/hoge/environment.yaml:2:1: {TAB}",
        f"stacks/hoge/environment.yaml:3:3: {TAB}",
    ]


def test_a_tab_that_does_no_harm_is_not_blamed(tmp_path: Path) -> None:
    text = 'parameters:\n  dev:\n    GroupName: |\n      a\n      \tb\n  prod: "open\n'

    assert project(tmp_path, text).refusal() == [f"stacks/hoge/environment.yaml:6:9: {QUOTE}"]


def test_tabs_between_a_key_and_its_value_do_no_harm(tmp_path: Path) -> None:
    made = project(tmp_path, ENVIRONMENT.replace("RetentionDays: 30", "RetentionDays:\t30"))

    assert "hoge/dev.json" in made.rendered()


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("---\na: b\n", "7:1: a second document begins here; the file holds one"),
        ("...\n---\n", "8:1: a second document begins here; the file holds one"),
    ],
)
def test_a_file_holds_one_document(tmp_path: Path, tail: str, expected: str) -> None:
    made = project(tmp_path, ENVIRONMENT + tail)

    assert made.refusal() == [f"stacks/hoge/environment.yaml:{expected}"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"---\n{ENVIRONMENT}", id="a marker at the start"),
        pytest.param(f"{ENVIRONMENT}...\n", id="a marker at the end"),
        pytest.param(f"%YAML 1.2\n---\n{ENVIRONMENT}", id="a directive"),
        pytest.param(f"# a comment\n\n{ENVIRONMENT}# the end", id="comments"),
        pytest.param(ENVIRONMENT.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(ENVIRONMENT.replace("\n", "\r"), id="line ends of the old Macintosh"),
        pytest.param(f"\ufeff{ENVIRONMENT}", id="a byte order mark"),
        pytest.param("{parameters: {default: {RetentionDays: 30}, dev: {}}}", id="in one line"),
    ],
)
def test_other_ways_to_write_the_same_are_read(tmp_path: Path, text: str) -> None:
    files = project(tmp_path, text).rendered()

    assert '"RetentionDays": "30"' in files["hoge/dev.json"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_positions_do_not_depend_on_line_ends_or_a_byte_order_mark(
    tmp_path: Path, start: str, end: str
) -> None:
    text = "parameters:\n  dev:\n    RetentionDays: 0\n  prod: {RetentionDays: 366}\n"
    made = project(tmp_path, start + text.replace("\n", end))

    assert made.refusal() == [
        "stacks/hoge/environment.yaml:3:20: parameters.dev.RetentionDays: got 0; allowed: 1 to 365",
        "stacks/hoge/environment.yaml:4:25: parameters.prod.RetentionDays: got 366; "
        "allowed: 1 to 365",
    ]
