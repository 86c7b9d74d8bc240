"""Two processes deploy the same app at the same time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.cli.deploying.stage import STACK

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Ended, Stage

pytestmark = pytest.mark.slow  # processes of their own

BASE = ("deploy", "hoge", "--env", "prod", "--yes")


def together(stage: Stage, *commands: tuple[str, ...]) -> list[Ended]:
    """Run each as a process, all at once."""
    ends: dict[int, Ended] = {}

    def run(number: int) -> None:
        ends[number] = stage.run(*commands[number])

    threads = [threading.Thread(target=run, args=[n]) for n in range(len(commands))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [ends[number] for number in range(len(commands))]


@pytest.mark.parametrize("existing", [True, False], ids=["update", "new"])
def test_the_same_content_is_executed_once_and_both_tell_the_same(
    stage: Stage,
    existing: bool,  # noqa: FBT001 - a row
) -> None:
    """Row 75."""
    if existing:
        stage.deployed()
    command = (*BASE, "--set", "Title=two")
    first, second = together(stage, command, command)

    assert (first.code, second.code) == (0, 0), (first.stderr, second.stderr)
    assert len(stage.fake.asked("ExecuteChangeSet")) <= 2
    assert len({one["ClientRequestToken"] for one in stage.fake.asked("ExecuteChangeSet")}) == 1
    begun = [one.status for one in stage.fake.stack(STACK).events if one.logical_id == STACK]
    assert begun.count("UPDATE_IN_PROGRESS" if existing else "CREATE_IN_PROGRESS") == 1
    assert stage.title() == "two"
    assert [one["result"] for one in stage.records] == ["done"] * (2 if existing else 1)


def test_the_same_content_that_fails_is_the_same_failure_for_both(stage: Stage) -> None:
    """Row 75: the second one is started when the first one is seen to run."""
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "the key is disabled", on="UPDATE", after_s=1e5)
    command = (*BASE, "--set", "Title=two")
    with stage.started(*command) as first, stage.started(*command) as second:
        for one in (first, second):
            one.until("UPDATE_IN_PROGRESS")
        with stage.fake.clock.lock:
            stage.fake.settle()
        ends = [first.end(), second.end()]

    assert [one.code for one in ends] == [10, 10]
    assert ends[0].outcome[:2] == ends[1].outcome[:2]
    assert ends[0].outcome[1] == "  because: Topic: UPDATE_FAILED: the key is disabled"
    assert [one["result"] for one in stage.records] == ["done", "rolled back"]


def test_of_two_contents_one_comes_first_and_the_other_is_planned_anew(stage: Stage) -> None:
    """Row 76."""
    stage.deployed()
    stage.fake.script.hold("Topic")
    with (
        stage.started(*BASE, "--set", "Title=two") as first,
        stage.started(*BASE, "--set", "Title=three") as second,
    ):
        seen = {first: first.until("UPDATE_IN_PROGRESS"), second: second.until("UPDATE_IN_PROG")}
        winner, loser = sorted(seen, key=lambda one: "another operation runs" in one.said)
        stage.fake.script.release("Topic")
        ends = [winner.end(), loser.end()]

    assert [one.code for one in ends] == [0, 0], ends
    assert f"{STACK} is UPDATE_IN_PROGRESS: another operation runs" in ends[1].stderr
    assert "waiting for it" not in ends[0].stderr
    assert len(stage.fake.asked("ExecuteChangeSet")) == 2
    assert [one["result"] for one in stage.records] == ["done", "done", "done"]
    assert stage.records[-1]["parameters"]["Title"] == stage.title()


def test_a_change_set_that_is_overtaken_is_not_executed(stage: Stage) -> None:
    """Row 76: obsolete between the plan and its execution; what is then shown is the new diff."""
    stage.deployed()

    def overtake() -> None:
        stage.fake.updated_by_another(Title="theirs")
        stage.fake.settle()

    # the reading of the stack's events is the last call before the execution
    stage.fake.after["DescribeStackEvents"] = overtake
    done = stage.deploy(title="two")

    assert done.code == 0
    assert f"{STACK} changed since it was planned; planning again" in done.stderr
    shown = [line.strip() for line in done.lines if "DisplayName:" in line]
    assert shown == [
        "DisplayName: one → two (because of parameter Title)",
        "DisplayName: theirs → two (because of parameter Title)",
    ]
    assert stage.title() == "two"


def test_somebody_who_does_not_end_blocks(stage: Stage) -> None:
    """Row 76."""
    stage.deployed()
    stage.fake.script.hold("Topic")
    stage.fake.updated_by_another(Title="theirs")
    done = stage.deploy("--wait-for-other", "0", title="two")

    assert done.code == 13
    assert done.outcome == [
        f"NOT DONE: {STACK}: another operation is still running: UPDATE_IN_PROGRESS",
        "  to watch it: ecs-blocks attach hoge --env prod",
    ]
    assert stage.fake.asked("CreateChangeSet") == []
