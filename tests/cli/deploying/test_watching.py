"""``attach`` and ``cancel``: what runs on a stack, whoever began it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deploying.stage import STACK

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

HERE = ("hoge", "--env", "prod")


@pytest.fixture
def running(stage: Stage) -> Stage:
    """Somebody else's update, which goes on until Topic is released."""
    stage.deployed()
    stage.fake.script.hold("Topic")
    stage.fake.updated_by_another(Title="theirs")
    return stage


def release(stage: Stage, after: str) -> None:
    """Let the update go on once *after* has been asked."""
    stage.fake.after[after] = lambda: stage.fake.script.release("Topic")


def test_attach_watches_anybodys_operation_to_its_end(running: Stage) -> None:
    release(running, "GetTemplate")
    done = running.run("attach", *HERE)

    assert (done.code, done.outcome) == (0, [f"OK: {STACK} is UPDATE_COMPLETE"])
    assert f"{STACK} ✓ Topic updated (SNS::Topic)" in done.stderr
    assert len(running.records) == 1


def test_attach_ends_with_the_code_of_what_it_watches(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.resource_fails("Topic", "the key is disabled", on="UPDATE", after_s=1e5)
    stage.fake.updated_by_another(Title="theirs")
    stage.fake.after["GetTemplate"] = stage.fake.settle
    done = stage.within("attach", *HERE)

    assert done.code == 10
    assert done.outcome[1] == "  because: Topic: UPDATE_FAILED: the key is disabled"


@pytest.mark.parametrize("code", [0, 10], ids=["good", "rolled back"])
def test_where_nothing_runs_attach_tells_how_the_last_operation_ended(
    stage: Stage, code: int
) -> None:
    stage.deployed()
    if code:
        stage.fake.script.resource_fails("Topic", "the key is disabled", on="UPDATE")
    stage.within("deploy", *HERE, "--yes", "--set", "Title=two")
    done = stage.within("attach", *HERE)

    assert done.code == code
    assert f"{STACK} is at rest; this is how its last operation ended" in done.stderr


def test_the_end_of_a_deletion_is_no_failure(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.resource_takes("Topic", 1e5)
    stage.fake.cloudformation.delete_stack({"StackName": STACK, "ClientRequestToken": "console-1"})
    stage.fake.after["GetTemplate"] = stage.fake.settle
    done = stage.within("attach", *HERE)

    assert (done.code, done.outcome) == (0, [f"OK: {STACK} is deleted"])


def test_what_was_planned_and_never_made_is_nothing_to_watch(stage: Stage) -> None:
    stage.within("deploy", *HERE, "--plan-only", "hoge.plan")
    done = stage.within("attach", *HERE)

    assert (done.code, done.lines) == (
        2,
        [
            f"{STACK} was planned and never made; nothing runs",
            "  deploy it: ecs-blocks deploy hoge --env prod",
        ],
    )


def test_cancel_ends_an_update_and_watches_it_go_back(running: Stage) -> None:
    release(running, "CancelUpdateStack")
    done = running.run("cancel", *HERE, "--yes")

    assert (done.code, done.outcome) == (
        0,
        [f"OK: {STACK} is at rest (UPDATE_ROLLBACK_COMPLETE); the version before is back"],
    )
    assert running.title() == "one"


def test_cancel_asks_first(running: Stage) -> None:
    done = running.within("cancel", *HERE)

    assert (done.code, done.lines) == (
        4,
        [
            f"{STACK} is UPDATE_IN_PROGRESS; what it has done so far is taken back",
            "nobody is here to agree to this; add --yes",
            "nothing was changed",
        ],
    )
    assert running.fake.asked("CancelUpdateStack") == []


def test_a_cancellation_that_comes_too_late_is_told(running: Stage) -> None:
    def too_late() -> None:
        running.fake.stack(STACK).operations[-1].cancelled = False
        running.fake.script.release("Topic")

    running.fake.after["CancelUpdateStack"] = too_late
    done = running.within("cancel", *HERE, "--yes")

    assert (done.code, done.outcome) == (
        11,
        [
            f"FAILED: {STACK} did not go back: the update was complete before (UPDATE_COMPLETE)",
            "  to go back all the same: ecs-blocks rollback hoge --env prod",
        ],
    )


@pytest.mark.parametrize(
    ("status", "code", "problem"),
    [
        ("UPDATE_COMPLETE", 2, f"{STACK} is UPDATE_COMPLETE: there is no update to end"),
        (
            "CREATE_IN_PROGRESS",
            11,
            f"{STACK} is being created, which CloudFormation cannot cancel",
        ),
    ],
)
def test_where_there_is_no_update_cancel_asks_nobody(
    stage: Stage, status: str, code: int, problem: str
) -> None:
    stage.deployed()
    stage.fake.stack(STACK).force_status(status)
    done = stage.within("cancel", *HERE)

    assert (done.code, done.lines[0]) == (code, problem)
    assert stage.fake.asked("CancelUpdateStack") == []
