"""A deploy that was killed, or runs again, finds the step of before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ecs_blocks.deploy.before_deploy import run_steps
from ecs_blocks.deploy.cloudformation.change_set import StackMoved
from ecs_blocks.deploy.errors import Exit
from tests.deploy.one_off.upgrade import (
    TOKEN,
    failed,
    interrupted,
    lines_of,
    runs,
    stepped,
    upgrade,
)
from tests.deploy.one_off.world import MIGRATE, REPOSITORY, aws_of, left_over, serving
from tests.deploy.stage import Person
from tests.fake_aws import FakeAws, Killed

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

OLD_SERVES = "the old version goes on serving; nothing was changed"


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        serving(found)
        yield found


def test_the_same_deploy_again_does_not_run_a_finished_step_again(fake: FakeAws) -> None:
    stepped(fake)
    person = stepped(fake)
    [task] = runs(fake)

    assert person.said == [f"Migrate ran in this deploy before (task {task.id}); not run again"]


def test_another_deploy_runs_it_again(fake: FakeAws) -> None:
    stepped(fake)
    stepped(fake, token="eb-another")

    assert len(runs(fake)) == 2


@pytest.mark.slow
def test_a_step_that_runs_already_is_followed(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=600, logs=["done"])
    interrupted(fake, KeyboardInterrupt())
    person = stepped(fake)
    [task] = runs(fake)

    assert person.said[0] == f"Migrate is running already in task {task.id}; following it"
    assert lines_of(person) == ["done"]
    assert person.said[-1] == "Migrate has done its work"
    assert left_over(fake) == []


@pytest.mark.parametrize(("again", "count"), [(False, 1), (True, 2)])
def test_a_failed_step_stays_failed_unless_it_is_asked_for_again(
    fake: FakeAws, *, again: bool, count: int
) -> None:
    fake.script.run_task_ends(1, logs=["locked"])
    failed(fake)
    error = failed(fake, again=again)
    found = error.message if error else ""
    first = runs(fake)[0]

    assert len(runs(fake)) == count
    assert found == (
        ""
        if again
        else f"Migrate failed before the deploy (exit code 1, task {first.id}): it failed in this "
        f"deploy before and was not run again: app exited 1; {OLD_SERVES}\n    locked"
    )
    assert left_over(fake) == []


def test_a_step_that_never_ran_is_tried_again(fake: FakeAws) -> None:
    fake.script.run_task_ends(None, runs=False, stop_code="TaskFailedToStart", reason="no image")
    failed(fake)
    stepped(fake)

    assert [one.started_by[-2:] for one in runs(fake)] == ["-1", "-2"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stop_code", "reason", "code"),
    [
        ("SpotInterruption", "Your Spot Task was interrupted.", 143),
        ("SpotInterruption", "Your Spot Task was interrupted.", 0),
        ("TerminationNotice", "", 137),
        ("InfrastructureHealth", "", 137),
        ("", "Host EC2 (instance i-0a1b) terminated.", 137),
    ],
)
def test_a_step_whose_machine_was_taken_away_is_not_done_and_may_run_again(
    fake: FakeAws, stop_code: str, reason: str, code: int
) -> None:
    fake.script.run_task_ends(code, stop_code=stop_code, reason=reason)
    error = failed(fake)
    [first] = runs(fake)
    person = stepped(fake)

    assert error is not None
    assert error.code is Exit.REJECTED
    assert str(error) == (
        f"Migrate did not run to its end: AWS took the machine of task {first.id} away; "
        f"{OLD_SERVES}\n  run the same deploy again: it runs the step once more"
    )
    assert [one.started_by[-2:] for one in runs(fake)] == ["-1", "-2"]
    assert person.said[-1] == "Migrate has done its work"
    assert left_over(fake) == []


def test_a_step_that_stays_failed_says_how_to_run_it_once_more(fake: FakeAws) -> None:
    fake.script.run_task_ends(1)
    failed(fake)
    error = failed(fake)

    assert error is not None
    assert error.hint.endswith("to run it once more, add --again to the same command")


def test_while_another_deploy_runs_its_step_none_is_begun(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=600)
    interrupted(fake, KeyboardInterrupt())
    [other] = runs(fake)
    error = failed(fake, token="eb-another")

    assert error is not None
    assert error.code is Exit.BLOCKED
    assert error.message.startswith(
        "Migrate was not begun: another deploy of hoge-prod runs a step of its own, with "
        f"{REPOSITORY}:1.8.2 in task {other.id}"
    )
    assert error.message.endswith("; nothing was changed")
    assert error.hint.startswith(
        f"see what it does: ecs-blocks logs hoge --env prod --task {other.id}; "
    )
    assert runs(fake) == [other]


def test_once_the_step_of_the_other_deploy_has_ended_ones_own_runs(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=600)
    interrupted(fake, KeyboardInterrupt())
    fake.clock.advance(700)
    stepped(fake, token="eb-another")

    assert len(runs(fake)) == 2


def test_a_task_that_somebody_runs_by_hand_blocks_nothing(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=600)
    interrupted(fake, KeyboardInterrupt())
    runs(fake)[0].started_by = "ecs-blocks run ci"
    stepped(fake, token="eb-another")

    assert len(runs(fake)) == 1


@pytest.mark.parametrize(("answers", "count"), [([False], 0), ([True, False], 1), ([True] * 2, 2)])
def test_between_two_steps_the_stack_has_to_be_still_ours(
    fake: FakeAws, answers: list[bool], count: int
) -> None:
    what, plan = upgrade(fake, [MIGRATE, {**MIGRATE, "name": "Seed"}])
    left, moved = iter(answers), False
    try:
        run_steps(aws_of(fake), what, plan, TOKEN, Person(), still_ours=left.__next__)
    except StackMoved:
        moved = True

    assert moved is (False in answers)
    assert len(runs(fake)) == count
    assert next(left, None) is None


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_call_the_next_run_ends_as_if_nothing_had_happened(*, after: bool) -> None:
    count = 1
    while True:
        with FakeAws() as fake:
            serving(fake)
            fake.script.run_task_ends(0, logs=["done"])
            fake.kill_at(count, after=after)
            try:
                stepped(fake)
            except Killed:
                killed = True
            else:
                killed = False
            fake.kill_at(10_000)
            stepped(fake, aws=fake.aws())

            assert len(runs(fake)) == 1, count
            assert left_over(fake) == [], count
        if not killed:
            break
        count += 1
    assert count > 12
