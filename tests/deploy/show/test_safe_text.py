"""Foreign texts made safe and made to fit."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecs_blocks.deploy.show.safe_text import (
    clean,
    clean_lines,
    clean_markup,
    cut,
    spelled,
    width,
    wrapped,
)
from ecs_blocks.review.show.page import page
from tests.properties import MODEST
from tests.review.page.samples import sample

PIECES = st.sampled_from(
    [
        *("\x1b[2J", "\x1b]8;;x\x07", "\x9b1A", "\x1bP1$q", "\x1b", "\x07", "\r", "\n", "\t"),
        *("\u202e", "\u200b", "\ud800", "\ufe0f", "e\u0301", "日本", "✓", "…", "\U0001f469\u200d"),
        *("[red]", "##vso[", " ", "a", "x" * 50),
    ]
)
HOSTILE = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ✓ 日本", "plain ✓ 日本"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[1;1Hcleared", "cleared"),
        ("\x1b]0;a title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;bm8=\x07clipboard", "clipboard"),
        ("\x1b]never ended", "never ended"),
        ("kept \x1b]0;a title that was cut", "kept "),
        ("::error file=a.py,line=1::gone", ": :error file=a.py,line=1::gone"),
        ("  ::set-output name=a::b", "  : :set-output name=a::b"),
        ("::1 - - GET /", "::1 - - GET /"),
        ("a ::error::b", "a ::error::b"),
        ("x ##vso[task.setvariable variable=a]b", "x # #vso[task.setvariable variable=a]b"),
        ("##[error]x", "# #[error]x"),
        ("\x1b[0m::stop-commands::x", ": :stop-commands::x"),
        ("## a heading", "## a heading"),
        ("\x1bP0;1|17/ab\x1b\\device", "device"),
        ("\x9b5Acsi of one byte", "csi of one byte"),
        ("\x1bcreset", "reset"),
        ("\x1b\x1b[31m[31mtwice", "[31mtwice"),
        ("a\rb\nc\td\u2028e", "a b c d e"),
        ("back\x08\x08space\x00\x7f", "backspace"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("❤\ufe0f", "❤"),
        ("half \ud83d pair", "half  pair"),
        ("no\u00a0break", "no break"),
    ],
)
def test_nothing_steers_the_terminal(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one", ["one"]),
        ("", []),
        ("  indented\n\tby a tab\r\nend  ", ["  indented", "    by a tab", "end"]),
        ("10%\r20%\r30%", ["10%", "20%", "30%"]),
        ("a\n\nb", ["a", "", "b"]),
    ],
)
def test_lines_keep_their_indentation(text: str, expected: list[str]) -> None:
    assert clean_lines(text) == expected


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "✓ 2 █ 3 → é日…"),
        ("ascii", r"+ 2 # 3 -> \xe9\u65e5..."),
        ("latin-1", "+ 2 # 3 -> é\\u65e5..."),
        ("cp932", "+ 2 # 3 → \\xe9日…"),
        ("no-such-encoding", r"+ 2 # 3 -> \xe9\u65e5..."),
    ],
)
def test_an_output_gets_what_it_can_show(encoding: str, expected: str) -> None:
    assert spelled("✓ 2 █ 3 → é日…", encoding) == expected


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0), ("✓…", 2)]
)
def test_a_width_is_what_a_terminal_gives_it(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("fits", 4, "fits"),
        ("too long", 5, "too …"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
    ],
)
def test_a_text_is_cut_at_the_edge(text: str, columns: int, expected: str) -> None:
    assert cut(text, columns) == expected


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("a few words here", 8, ["a few", "words", "here"]),
        ("arn:aws:ecs:x", 6, ["arn:aw", "s:ecs:", "x"]),
        ("a arn:aws:ecs", 6, ["a", "arn:aw", "s:ecs"]),
        ("日本語", 4, ["日本", "語"]),
        ("日本", 1, ["日", "本"]),
        ("", 10, [""]),
        ("a few ::error::x", 10, ["a few", ": :error::", "x"]),
        ("xxxxxxxxxx::stop-commands::y", 20, ["xxxxxxxxxx::stop-com", "mands::y"]),
        ("xxxxxxxxxx::error::y", 10, ["xxxxxxxxx", "x::error:", ":y"]),
        (f"{9 * 'x'}::a::{3 * 'x'}::b::", 9, ["xxxxxxxx", "x::a::xx", "x::b::"]),
        ("::::::::::", 5, [": :::", ": :::", "::"]),
    ],
)
def test_a_text_is_wrapped_between_words(text: str, columns: int, expected: list[str]) -> None:
    assert wrapped(text, columns) == expected


@MODEST
@given(HOSTILE, st.sampled_from(["utf-8", "ascii", "cp932", "latin-1"]))
@example("\x1b\x1b[31m[2J", "utf-8")
def test_a_clean_text_is_one_line_of_signs_that_can_be_written(text: str, encoding: str) -> None:
    found = spelled(clean(text), encoding)

    assert {c for c in found if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029"} == set()
    assert found.encode(encoding, "replace").count(b"?") == found.count("?")
    assert clean(found) == found


@MODEST
@given(HOSTILE, st.integers(2, 30))
def test_wrapping_loses_nothing_and_stays_within_the_edge(text: str, columns: int) -> None:
    lines = wrapped(clean(text), columns)

    assert "".join(lines).replace(" ", "") == "".join(clean(text).split())
    assert max(map(width, lines)) <= columns
    assert [clean(line) for line in lines] == lines


def test_no_width_of_the_terminal_makes_an_order_of_a_value() -> None:
    text = clean(f"JavaOpts: {'x' * 37} ::stop-commands::t {'y' * 53}::add-mask::e")

    for columns in range(20, 120):
        lines = wrapped(text, columns)
        assert [line for line in lines if line.startswith("::") and "::" in line[2:]] == []


@MODEST
@given(HOSTILE, st.integers(0, 30))
def test_a_cut_stays_within_the_edge(text: str, columns: int) -> None:
    assert width(cut(clean(text), columns)) <= columns


def test_markup_keeps_all_but_orders() -> None:
    """A page has a style and a script, which its policy knows by their hashes."""
    whole = page(sample(), ())

    assert clean_markup(whole) == whole
    assert clean_markup("a\n ::error::b ##vso[c]") == "a\n :\u200b:error::b #\u200b#vso[c]"


@pytest.mark.parametrize("sign", ["\x9d", "\x90", "\x98\x9d", "\x1b]", "\x1bP\x90", "本"])
def test_a_line_of_a_megabyte_takes_no_longer_than_it_is_long(sign: str) -> None:
    """CloudWatch takes such; a deploy that is watched shows the last lines of what failed."""
    begun = time.monotonic()
    wrapped(clean(sign * 300_000), 100)

    assert time.monotonic() - begun < 20
