"""``--on-timeout``, ``--fail-fast``, and the question whether to cancel what cannot succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest

from ecs_blocks.cli.terminal import Terminal
from tests.cli.deploying.stage import DEPLOY, STACK
from tests.cli.deploying.test_continue import with_service
from tests.cli.deploying.virtual import virtually
from tests.fake_aws import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.deploying.stage import Stage

SLOW_S = 2400.0


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with virtually(tmp_path) as found:
        found.deployed()
        found.fake.script.resource_takes("Topic", SLOW_S)
        found.fake.clock.at(300, lambda: found.fake.script.resource_takes("Topic", 2))
        yield found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "code", "cancelled"),
    [((), 12, 0), (("--on-timeout", "detach"), 12, 0), (("--on-timeout", "cancel"), 10, 1)],
)
def test_when_the_time_is_over(
    stage: Stage, options: tuple[str, ...], code: int, cancelled: int
) -> None:
    done = stage.within(*DEPLOY, "--set", "Title=two", "--timeout", "10", *options)

    assert done.code == code, done.stderr
    assert len(stage.fake.asked("CancelUpdateStack")) == cancelled
    if cancelled:
        assert "after 10 minutes" in done.stderr
        assert "the version before is back" in done.outcome[0]


@pytest.mark.slow
def test_what_cannot_succeed_is_ended_by_fail_fast(tmp_path: Path) -> None:
    with virtually(tmp_path, per_second=1e6) as stage:
        with_service(stage)
        stage.fake.script.pauses = []
        stage.fake.script.tasks_do_not_start("CannotPullContainerError: hoge:2: not found")
        done = stage.within(*DEPLOY, "--set", "Title=two", "--fail-fast")

        assert done.code == 10, done.stderr
        assert "new tasks failed alike" in done.stderr
        assert len(stage.fake.asked("CancelUpdateStack")) == 1
        assert "the version before serves" in done.outcome[0]


def test_another_way_than_these_does_not_exist(stage: Stage) -> None:
    done = stage.within(*DEPLOY, "--on-timeout", "delete")

    assert done.code == 2
    assert stage.fake.calls == []


def answered(monkeypatch: pytest.MonkeyPatch, answer: Any) -> tuple[Terminal, list[str]]:
    """A terminal at which somebody gives this answer, and the questions that they heard."""
    heard: list[str] = []

    def confirm(question: str, **_settings: Any) -> bool:
        heard.append(question)
        if isinstance(answer, BaseException):
            raise answer
        return bool(answer)

    monkeypatch.setattr(click, "confirm", confirm)
    terminal = Terminal(FakeClock())
    terminal.is_interactive = True
    return terminal, heard


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(True, True), (False, False), (click.Abort(), False), (OSError(), False)],
)
def test_somebody_is_asked_whether_to_give_up(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: Any,
    *,
    expected: bool,
) -> None:
    terminal, heard = answered(monkeypatch, answer)

    assert terminal.gives_up(f"{STACK}: 3 of 3 new tasks failed alike") is expected
    assert heard == ["It cannot succeed. Cancel the update, and go back?"]
    assert "3 of 3 new tasks failed alike" in capsys.readouterr().err


def test_ctrl_c_at_that_question_is_about_the_watching(monkeypatch: pytest.MonkeyPatch) -> None:
    abort = click.Abort()
    abort.__context__ = KeyboardInterrupt()
    terminal, _ = answered(monkeypatch, abort)

    with pytest.raises(KeyboardInterrupt):
        terminal.gives_up("it cannot succeed")


def test_where_nobody_is_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, heard = answered(monkeypatch, answer=True)
    terminal.is_interactive = False

    assert not terminal.gives_up("it cannot succeed")
    assert heard == []
