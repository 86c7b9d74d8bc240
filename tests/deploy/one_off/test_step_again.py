"""A deploy that was killed, or runs again, finds the step of before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.deploy.one_off.upgrade import failed, interrupted, lines_of, runs, stepped
from tests.deploy.one_off.world import left_over, serving
from tests.fake_aws import FakeAws, Killed

if TYPE_CHECKING:
    from collections.abc import Iterator

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
