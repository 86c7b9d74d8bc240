"""A person before a real terminal: what they are asked, and what Ctrl-C does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deploying.stage import STACK, app
from tests.cli.deploying.terminal import CTRL_C, CTRL_D, ENTER, console

if TYPE_CHECKING:
    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow  # processes of their own

ASK = ("deploy", "hoge", "--env", "prod", "--set", "Title=two")
YES = (*ASK, "--yes")
QUESTION = "Deploy this to prod? [y/N]: "
CHOICE = "Ctrl-C: [d]etach: what runs goes on in AWS; [c]ancel the update; [w]atch on [d]: "
LEAVE = "Ctrl-C: [d]etach: what runs goes on in AWS; [w]atch on [d]: "


def test_who_agrees_gets_what_was_shown(stage: Stage) -> None:
    stage.deployed()
    with console(stage, *ASK) as seen:
        seen.until("DisplayName: one → two (because of parameter Title)")
        seen.asked(QUESTION)
        seen.press("y", ENTER)
        ended = seen.end()

    assert (ended.code, stage.title()) == (0, "two")
    assert ended.outcome == [f"OK: {STACK} is UPDATE_COMPLETE"]
    assert seen.raw.count("\x1b[?25l") == seen.raw.count("\x1b[?25h")  # the cursor is back


@pytest.mark.parametrize(
    ("keys", "code", "words"),
    [
        ("n" + ENTER, 4, "declined"),
        (ENTER, 4, "declined"),
        (CTRL_D, 4, "declined"),
    ],
    ids=["no", "enter", "ctrl-d"],
)
def test_who_does_not_agree_leaves_nothing_behind(
    stage: Stage, keys: str, code: int, words: str
) -> None:
    """Row 36."""
    with console(stage, *ASK) as seen:
        seen.asked(QUESTION)
        seen.press(keys)
        ended = seen.end()

    assert ended.code == code
    assert ended.outcome == [f"NOT DONE: {STACK}: {words}; nothing was changed"]
    assert stage.fake.summary()["stacks"] == {}


def test_ctrl_c_at_the_question_leaves_nothing_behind(stage: Stage) -> None:
    """Row 73."""
    with console(stage, *ASK) as seen:
        seen.asked(QUESTION)
        seen.press(CTRL_C)
        seen.until("NOT DONE")
        ended = seen.end()

    assert ended.code == 130
    assert ended.outcome == [f"NOT DONE: {STACK}: interrupted at the question; nothing was changed"]
    assert stage.fake.summary()["stacks"] == {}


def test_what_is_lost_stands_in_the_question(stage: Stage) -> None:
    app(stage.project, "hoge", more='stack.add_resource(sns.Topic("Named", TopicName=env.title))')
    stage.deployed()
    with console(stage, *ASK) as seen:
        seen.until("Deploy this to prod, with 1 replaced or removed? [y/N]: ")
        seen.press("n", ENTER)
        ended = seen.end()

    assert ended.code == 4


@pytest.fixture
def held(stage: Stage) -> Stage:
    """A stack whose update does not end before the test lets it."""
    stage.deployed()
    stage.fake.script.hold("Topic")
    return stage


@pytest.mark.parametrize("keys", ["d" + ENTER, ENTER, CTRL_C, CTRL_D])
def test_ctrl_c_asks_and_detaches_unless_something_else_is_wanted(held: Stage, keys: str) -> None:
    """Row 73: a second Ctrl-C detaches at once."""
    with console(held, *YES) as seen:
        seen.until(f"{STACK}  UPDATE  updating")
        seen.press(CTRL_C)
        seen.asked(CHOICE)
        seen.press(keys)
        ended = seen.end()

    assert ended.code == 130
    assert ended.outcome[-2:] == [
        f"STILL RUNNING: {STACK} is UPDATE_IN_PROGRESS; the operation goes on in AWS",
        "  to watch it again: ecs-blocks attach hoge --env prod",
    ]
    assert held.fake.stack(STACK).status == "UPDATE_IN_PROGRESS"


def test_ctrl_c_can_cancel_the_update_and_watch_it_go_back(held: Stage) -> None:
    """Row 73."""
    held.fake.after["CancelUpdateStack"] = lambda: held.fake.script.release("Topic")
    with console(held, *YES) as seen:
        seen.until(f"{STACK}  UPDATE  updating")
        seen.press(CTRL_C)
        seen.asked(CHOICE)
        seen.press("c", ENTER)
        seen.until("cancelled; going back to the version before")
        ended = seen.end()

    assert (ended.code, held.title()) == (10, "one")
    assert "was rolled back (UPDATE_ROLLBACK_COMPLETE); the version before is back" in ended.stderr


def test_ctrl_c_may_have_been_a_mistake(held: Stage) -> None:
    """Row 73."""
    with console(held, *YES) as seen:
        seen.until(f"{STACK}  UPDATE  updating")
        seen.press(CTRL_C)
        seen.asked(CHOICE)
        held.fake.script.release("Topic")
        seen.press("w", ENTER)
        ended = seen.end()

    assert (ended.code, held.title()) == (0, "two")


def test_what_somebody_else_began_can_only_be_left_by_a_deploy_that_waits(held: Stage) -> None:
    held.fake.updated_by_another(Title="three")
    with console(held, *YES) as seen:
        seen.until(f"{STACK}  UPDATE  updating")
        seen.press(CTRL_C)
        seen.until("was begun by somebody (token Console-UpdateStack-0a1b), not by this command")
        seen.asked(LEAVE)
        seen.press(ENTER)
        ended = seen.end()

    assert ended.code == 130
    assert held.fake.asked("CancelUpdateStack") == []


def test_who_attaches_is_told_whose_update_they_would_cancel(held: Stage) -> None:
    held.fake.updated_by_another(Title="three")
    with console(held, "attach", "hoge", "--env", "prod") as seen:
        seen.until(f"{STACK}  UPDATE  updating")
        seen.press(CTRL_C)
        seen.until("was begun by somebody (token Console-UpdateStack-0a1b), not by this command")
        seen.asked(CHOICE.replace("the update", "somebody else's update"))
        seen.press(ENTER)
        ended = seen.end()

    assert ended.code == 130
    assert held.fake.asked("CancelUpdateStack") == []


def test_what_takes_something_back_cannot_be_cancelled_itself(stage: Stage) -> None:
    stage.deployed()
    stage.fake.script.hold("Topic")
    with console(stage, "delete", "hoge", "--env", "prod") as seen:
        seen.until(f"Delete {STACK}? [y/N]: ")
        seen.press("y", ENTER)
        seen.until("Topic")
        seen.press(CTRL_C)
        seen.asked(LEAVE)
        seen.press(ENTER)
        ended = seen.end()

    assert ended.code == 130
    assert "  to watch it again: ecs-blocks attach hoge --env prod" in ended.outcome


@pytest.fixture
def pair(stage: Stage) -> Stage:
    """Two apps that do not need each other, deployed, whose updates do not end."""
    app(stage.project, "fuga", more='stack.add_resource(sns.Topic("Second"))')
    stage.within("deploy", "--all", "--env", "prod", "--yes")
    stage.fake.calls.clear()
    return stage


BOTH = ("deploy", "--all", "--env", "prod", "--set", "Title=two")


def test_of_many_one_asks_after_the_other(pair: Stage) -> None:
    with console(pair, *BOTH) as seen:
        for answer in ("y", "n"):
            seen.asked(QUESTION)
            seen.press(answer, ENTER)
        ended = seen.end()
    statuses = sorted(pair.fake.stack(f"{name}-prod").status for name in ("fuga", "hoge"))

    assert ended.code == 4
    assert statuses == ["CREATE_COMPLETE", "UPDATE_COMPLETE"]
    assert ended.outcome[-1] == "2 stacks: 1 done, 1 not done"


def test_ctrl_c_at_the_first_question_ends_it_for_all(pair: Stage) -> None:
    with console(pair, *BOTH) as seen:
        seen.asked(QUESTION)
        seen.press(CTRL_C)
        seen.until("2 stacks: 2 not done")
        ended = seen.end()

    assert ended.code == 130
    assert ended.stderr.count(QUESTION) == 1
    assert pair.fake.asked("ExecuteChangeSet") == []


def test_ctrl_c_at_a_later_question_asks_what_becomes_of_what_runs(pair: Stage) -> None:
    pair.fake.script.hold("Topic")
    with console(pair, *BOTH) as seen:
        seen.asked(QUESTION)
        seen.press("y", ENTER)
        seen.asked(QUESTION)
        seen.press(CTRL_C)
        seen.asked(CHOICE)
        seen.press(ENTER)
        ended = seen.end()

    assert ended.code == 130
    assert ended.outcome[-1] in (  # by how far the first one had come in that moment
        "2 stacks: 1 still running, 1 not done",
        "2 stacks: 1 not known, 1 not done",
    )


@pytest.mark.parametrize(
    ("key", "code", "status"),
    [("d", 130, "UPDATE_IN_PROGRESS"), ("c", 10, "UPDATE_ROLLBACK_COMPLETE")],
    ids=["detach", "cancel"],
)
def test_ctrl_c_is_one_question_for_all(pair: Stage, key: str, code: int, status: str) -> None:
    """Row 73."""
    pair.fake.script.hold("Topic")
    cancelled: list[str] = []

    def once_more() -> None:
        cancelled.append("one")
        if len(cancelled) == 2:
            pair.fake.script.release("Topic")
        else:
            pair.fake.after["CancelUpdateStack"] = once_more

    pair.fake.after["CancelUpdateStack"] = once_more
    with console(pair, *BOTH, "--yes") as seen:
        for name in ("hoge", "fuga"):
            seen.until(f"{name}-prod  UPDATE  updating")
        seen.press(CTRL_C)
        seen.asked(CHOICE)
        seen.press(key, ENTER)
        ended = seen.end()

    assert ended.code == code, ended.stderr
    assert ended.stderr.count(CHOICE) == 1
    assert [pair.fake.stack(f"{name}-prod").status for name in ("fuga", "hoge")] == [status] * 2
