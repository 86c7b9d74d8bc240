"""What a signal leaves behind, and what the same command finds when it comes again."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.cli.deploying.stage import STACK
from tests.fake_aws import timeout

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow  # processes of their own

DEPLOY = ("deploy", "hoge", "--env", "prod", "--yes", "--set", "Title=two")
NAMES = ["SIGINT", "SIGTERM", "SIGHUP"]
CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 143}


@pytest.fixture(autouse=True)
def _held(stage: Stage) -> None:
    """An update that does not end before the test lets it."""
    stage.deployed()
    stage.fake.script.hold("Topic")


def executions(stage: Stage) -> int:
    return len(stage.fake.asked("ExecuteChangeSet"))


@pytest.mark.parametrize("name", NAMES)
def test_a_signal_ends_the_watching_at_once_and_says_how_to_watch_on(
    stage: Stage, name: str
) -> None:
    """Rows 73 and 74: the operation goes on, and the exit code is never 0."""
    with stage.started(*DEPLOY) as running:
        running.until("UPDATE_IN_PROGRESS, 0/1 resources")
        asked = len(stage.fake.calls)
        running.process.send_signal(getattr(signal, name))
        ended = running.end()

    assert ended.code == CODES[name]
    assert ended.outcome == [
        f"STILL RUNNING: {STACK} is UPDATE_IN_PROGRESS; the operation goes on in AWS",
        "  to watch it again: ecs-blocks attach hoge --env prod",
    ]
    assert len(stage.fake.calls) == asked  # it did not look once more
    assert stage.fake.stack(STACK).status == "UPDATE_IN_PROGRESS"
    assert "CancelUpdateStack" not in stage.fake.operations


@pytest.mark.parametrize("name", [*NAMES, "SIGKILL"])
def test_the_same_command_again_finds_it_done_and_makes_up_for_its_record(
    stage: Stage, name: str
) -> None:
    """Row 73: one execution, one record, and the end of an undisturbed deploy."""
    with stage.started(*DEPLOY) as running:
        running.until("UPDATE_IN_PROGRESS, 0/1 resources")
        running.process.send_signal(getattr(signal, name))
        running.end()
    stage.fake.script.release("Topic")
    again = stage.run(*DEPLOY)

    assert (again.code, again.outcome) == (0, [f"OK: {STACK}: nothing to change"])
    assert executions(stage) == 1
    assert [one["result"] for one in stage.records] == ["done", "done"]
    assert stage.records[-1]["parameters"]["Title"] == stage.title() == "two"


def test_attach_tells_how_it_ended_meanwhile_and_gives_the_record_its_end(stage: Stage) -> None:
    """Row 73."""
    with stage.started(*DEPLOY) as running:
        running.until("UPDATE_IN_PROGRESS, 0/1 resources")
        running.process.send_signal(signal.SIGTERM)
        running.end()
    stage.fake.script.release("Topic")
    attached = stage.run("attach", "hoge", "--env", "prod")

    assert attached.code == 0
    assert attached.outcome == [f"OK: {STACK} is UPDATE_COMPLETE"]
    assert [one["result"] for one in stage.records] == ["done", "done"]


def test_while_it_runs_the_same_command_attaches_and_the_record_is_brought_up_to_date(
    stage: Stage,
) -> None:
    """Row 73."""
    with stage.started(*DEPLOY) as running:
        running.until("UPDATE_IN_PROGRESS, 0/1 resources")
        running.process.send_signal(signal.SIGTERM)
        running.end()
    before = [one["result"] for one in stage.records]
    with stage.started(*DEPLOY) as running:
        running.until("this deploy is running already; watching it")
        running.until("UPDATE_IN_PROGRESS")
        stage.fake.script.release("Topic")
        ended = running.end()

    assert before == ["done", "terminated"]
    assert (ended.code, executions(stage)) == (0, 1)
    assert [one["result"] for one in stage.records] == ["done", "done"]


def test_a_signal_before_anything_is_executed_says_that_nothing_was_changed(stage: Stage) -> None:
    """Row 73."""
    stage.fake.script.change_set_takes_s = 1e9
    asked = stage.fake.next_call("DescribeChangeSet")
    with stage.started(*DEPLOY) as running:
        asked.wait(30)
        running.process.send_signal(signal.SIGINT)
        ended = running.end()

    assert ended.code == 130
    assert ended.outcome == [f"NOT DONE: {STACK}: stopped before anything was changed"]
    assert executions(stage) == 0


@pytest.mark.parametrize("verb", ["cancel", "delete"])
def test_a_signal_while_something_is_taken_back_leaves_it_going(stage: Stage, verb: str) -> None:
    if verb == "cancel":
        stage.fake.updated_by_another(Title="two")
    with stage.started(verb, "hoge", "--env", "prod", "--yes") as running:
        running.until("IN_PROGRESS, ")
        running.process.send_signal(signal.SIGTERM)
        ended = running.end()

    assert ended.code == 143
    assert ended.outcome[0].startswith(f"STILL RUNNING: {STACK} is ")
    assert ended.outcome[1] == "  to watch it again: ecs-blocks attach hoge --env prod"


def test_a_read_that_is_interrupted_says_so(stage: Stage) -> None:
    stage.fake.fault("DescribeStacks", timeout, times=None)
    asked = stage.fake.next_call("DescribeStacks")
    with stage.started("status", "hoge", "--env", "prod") as running:
        asked.wait(30)
        running.process.send_signal(signal.SIGINT)
        ended = running.end()

    assert ended.code == 130
    assert ended.lines[-2:] == [
        "interrupted; whatever had begun goes on in AWS",
        "  how it is: ecs-blocks status hoge --env prod",
    ]
