"""The screen, as an emulated terminal shows it."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from ecs_blocks.deploy.progress import FailedTask, FailureKind
from ecs_blocks.deploy.show.screen import Screen
from tests.deploy.show.screens import LEFT_BEHIND, LOW, NARROW_ASCII, WIDE
from tests.deploy.show.story import (
    BACK,
    ENDED,
    MIDDLE,
    Hand,
    Terminal,
    resource,
    service,
    snapshot,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def screen(terminal: Terminal, clock: Hand | None = None) -> Screen:
    return Screen(terminal.console(), clock or Hand(), ticking=False)


@pytest.mark.parametrize(
    ("terminal", "expected"),
    [
        (Terminal(100, 30), WIDE),
        (Terminal(80, 16), LOW),
        (Terminal(60, 24, "ascii"), NARROW_ASCII),
    ],
    ids=["100 columns", "80 columns, few rows", "60 columns, ASCII"],
)
def test_everything_that_fits_is_on_the_screen(terminal: Terminal, expected: str) -> None:
    clock = Hand()
    shown = screen(terminal, clock)
    shown.show(MIDDLE)
    clock.at_s += 12
    shown.show(structs.replace(MIDDLE, elapsed_s=264.0))

    assert terminal.seen() == expected
    shown.close()


def test_what_is_left_behind_is_all_of_the_last_state_and_the_first_failure() -> None:
    terminal = Terminal(80, 40)
    shown = screen(terminal)
    for one in (MIDDLE, BACK, ENDED):
        shown.show(one)
    shown.close()
    shown.close()

    assert terminal.seen() == LEFT_BEHIND
    assert terminal.shows_cursor()


def test_what_does_not_fit_the_window_is_left_in_the_scrollback() -> None:
    terminal = Terminal(80, 10)
    shown = screen(terminal)
    for one in (MIDDLE, BACK, ENDED):
        shown.show(one)
    shown.close()

    assert "\n".join([*terminal.scrolled(), terminal.seen()]) == LEFT_BEHIND


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 8, 24])
def test_the_window_never_scrolls(rows: int) -> None:
    terminal = Terminal(60, rows)
    shown = screen(terminal)
    for one in (MIDDLE, BACK, MIDDLE):
        shown.show(one)
    seen, scrolled = terminal.seen(), terminal.scrolled()
    shown.close()

    assert scrolled == []
    assert len(seen.splitlines()) == max(rows - 1, 1)


def test_a_first_cause_outlives_the_failures_after_it() -> None:
    first = resource("First", "CREATE_FAILED", reason="the cause")
    others = [resource(f"Other{n}", "CREATE_FAILED", reason="another") for n in range(30)]
    terminal = Terminal(60, 8)
    shown = screen(terminal)
    shown.show(snapshot(resources=(first, *others)))

    assert "  ✗ First could not be created: the cause" in terminal.seen()
    assert "… 27 more lines; a taller window shows them" in terminal.seen()
    shown.close()


def test_time_goes_on_between_snapshots_until_the_operation_is_over() -> None:
    terminal, clock = Terminal(), Hand()
    shown = screen(terminal, clock)
    shown.show(snapshot(60.0))
    clock.at_s = 30.0
    shown.say("half a minute later")

    assert "⟳ hoge-prod  UPDATE  updating  1m00s" in terminal.seen()
    shown.show(snapshot(90.0, status="UPDATE_COMPLETE", done=14))
    clock.at_s = 90.0
    shown.close()
    assert "✓ hoge-prod  UPDATE  updated  1m30s  ██████████████  14/14" in terminal.seen()


def test_what_is_said_stays_above_the_screen() -> None:
    terminal = Terminal(60, 12)
    shown = screen(terminal)
    shown.say("before")
    shown.show(snapshot())
    shown.say("in between [bold]as it is[/bold]\n  \x1b[2Jindented")
    shown.show(snapshot(253.0))
    shown.close()
    shown.say("after")

    assert terminal.seen().splitlines() == [
        "before",
        "in between [bold]as it is[/bold]",
        "  indented",
        "⟳ hoge-prod  UPDATE  updating  4m13s  9/14 resources",
        "after",
    ]


def test_several_stacks_stand_below_each_other() -> None:
    terminal = Terminal(60, 12)
    shown = screen(terminal)
    shown.show(snapshot(5.0))
    shown.show(structs.replace(snapshot(4.0, done=2), stack_name="fuga-prod"))

    assert terminal.seen().splitlines() == [
        "⟳ hoge-prod  UPDATE  updating  5s  9/14 resources",
        "⟳ fuga-prod  UPDATE  updating  4s  2/14 resources",
        "Ctrl-C stops watching; the operation goes on in AWS",
    ]
    shown.close()


def test_it_can_be_shown_again_after_a_question() -> None:
    terminal = Terminal(60, 12)
    shown = screen(terminal)
    shown.show(snapshot(5.0))
    shown.close()
    shown.show(snapshot(6.0))

    assert terminal.seen().splitlines() == [
        "⟳ hoge-prod  UPDATE  updating  5s  9/14 resources",
        "⟳ hoge-prod  UPDATE  updating  6s  9/14 resources",
        "Ctrl-C stops watching; the operation goes on in AWS",
    ]
    shown.close()


def test_a_log_line_cannot_steer_the_terminal_or_style_the_text() -> None:
    evil = (
        "\x1b[1;1H\x1b[2J✓ deployed",
        "\x1b]0;title\x07\x9b31m[red]red[/red]\rback\b\b",
        "wide 日本" * 20,
    )
    task = FailedTask("1", FailureKind.EXIT, "\x1b[8mhidden", log_lines=evil)
    terminal = Terminal(60, 12)
    shown = screen(terminal)
    shown.show(snapshot(services=(service(new=None, old=(), failures=(task,)),)))

    assert terminal.seen().splitlines()[3:8] == [
        "      ✗ task 1: hidden",
        "        │ ✓ deployed",
        "        │ [red]red[/red]",
        "        │ back",
        "        │ wide 日本wide 日本wide 日本wide 日本wide 日本wide…",
    ]
    shown.close()


@pytest.mark.parametrize(
    ("no_color", "sequences"), [(False, {"\x1b[1;31m", "\x1b[36m"}), (True, set())]
)
def test_colour_is_there_where_it_is_wanted(no_color: bool, sequences: set[str]) -> None:  # noqa: FBT001 - a row of the table
    terminal = Terminal()
    console = terminal.console(color_system="standard", no_color=no_color)
    shown = Screen(console, Hand(), ticking=False)
    shown.show(MIDDLE)
    shown.close()

    assert {s for s in ("\x1b[1;31m", "\x1b[36m") if s in terminal.getvalue()} == sequences


class Broken(Terminal):
    """A terminal that goes away after the first screen."""

    gone = False

    def write(self, text: str) -> int:
        if self.gone:
            raise BrokenPipeError
        return super().write(text)


def test_a_terminal_that_goes_away_ends_nothing() -> None:
    terminal = Broken()
    shown = screen(terminal)
    shown.show(MIDDLE)
    terminal.gone = True
    shown.show(BACK)
    shown.say("nobody hears it")
    shown.close()

    assert "updating" in terminal.seen()


@pytest.fixture
def _streams() -> Iterator[None]:
    before = sys.stdout, sys.stderr
    yield
    assert (sys.stdout, sys.stderr) == before


@pytest.mark.usefixtures("_streams")
def test_what_goes_to_stdout_stays_there() -> None:
    shown = screen(Terminal())
    stdout = sys.stdout
    shown.show(MIDDLE)

    assert sys.stdout is stdout
    shown.close()


def test_the_thread_that_ticks_ends_with_the_screen() -> None:
    before = set(threading.enumerate())
    shown = Screen(Terminal().console(), Hand())
    shown.show(MIDDLE)
    [ticking] = set(threading.enumerate()) - before
    shown.close()
    ticking.join(5)

    assert not ticking.is_alive()
