"""Which presenter fits which output."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from ecs_blocks.deploy.show.lines import Lines
from ecs_blocks.deploy.show.presenter import presenter
from ecs_blocks.deploy.show.screen import Screen
from ecs_blocks.deploy.show.steady import Steady, steady
from tests.deploy.show.story import MIDDLE, Hand, Terminal
from tests.project import REPOSITORY


@pytest.mark.parametrize(
    ("out", "environ", "expected"),
    [
        (Terminal(), {"TERM": "xterm-256color"}, Screen),
        (Terminal(), {}, Screen),
        (Terminal(), {"CI": "false"}, Screen),
        (Terminal(), {"NO_COLOR": "1"}, Screen),
        (Terminal(), {"CI": "true"}, Lines),
        (Terminal(), {"TERM": "dumb"}, Lines),
        (io.StringIO(), {"TERM": "xterm-256color"}, Lines),
    ],
)
def test_a_screen_is_for_a_terminal_with_a_person(
    out: io.StringIO, environ: dict[str, str], expected: type
) -> None:
    assert isinstance(presenter(out, Hand(), environ), expected)


def test_a_closed_output_gets_lines_that_go_nowhere() -> None:
    out = io.StringIO()
    out.close()
    shown = presenter(out, Hand(), {})
    shown.show(MIDDLE)

    assert isinstance(shown, Lines)


@pytest.mark.parametrize("no_color", ["", "1"])
def test_no_color_is_respected(no_color: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = Terminal()
    shown = presenter(terminal, Hand(), {"NO_COLOR": no_color})
    shown.show(MIDDLE)
    shown.close()

    assert ("\x1b[36m" in terminal.getvalue()) is (not no_color)


def test_plain_lines_load_no_rich() -> None:
    program = (
        "import io, sys\n"
        "from ecs_blocks.deploy.clock import Clock\n"
        "from ecs_blocks.deploy.show import plan_text\n"
        "from ecs_blocks.deploy.show.presenter import presenter\n"
        "presenter(io.StringIO(), Clock(), {}).say('')\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('rich', 'boto3')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


class Full(io.StringIO):
    """A file on a disk that is full."""

    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise OSError(28, "No space left on device")


def test_what_cannot_be_written_is_forgotten() -> None:
    out = Steady(Full())
    out.flush()

    assert (out.write("text"), out.is_lost, out.isatty()) == (4, True, False)


def test_what_is_steady_stays_the_same() -> None:
    once = steady(io.StringIO())

    assert steady(once) is once
    assert once.encoding == "utf-8"
