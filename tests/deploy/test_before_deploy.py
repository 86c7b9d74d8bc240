"""Steps before a deploy: run once, with the new image, and their failure stops the deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.before_deploy import facts, notes, run_steps, steps_of
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.ui import Wish
from ecs_blocks.errors import Terminated
from tests.deploy.one_off.upgrade import TOKEN, failed, interrupted, runs, stepped, upgrade
from tests.deploy.one_off.world import (
    MIGRATE,
    REPOSITORY,
    VALUES,
    aws_of,
    left_over,
    serving,
    template,
)
from tests.deploy.stage import Person
from tests.fake_aws import FakeAws, denied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.plan import Kind

pytestmark = pytest.mark.slow

OLD_SERVES = "the old version goes on serving; nothing was changed"


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        serving(found)
        yield found


def failure(fake: FakeAws, **settings: Any) -> DeployError:
    found = failed(fake, **settings)

    assert found is not None
    return found


def test_a_step_runs_its_command_with_the_new_image(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, logs=["migrating"])
    person = stepped(fake)
    [registered] = fake.asked("RegisterTaskDefinition")
    [request] = fake.asked("RunTask")
    app, proxy = registered["containerDefinitions"]
    [task] = runs(fake)

    assert registered["family"] == "hoge-prod-run"
    assert (app["image"], proxy["image"]) == (f"{REPOSITORY}:1.8.2", "envoy:1")
    assert {one["name"]: one["value"] for one in app["environment"]} == {
        "LOG_LEVEL": "debug",
        "QUEUE": fake.stack("hoge-prod").resources["Queue"].physical_id,
    }
    assert request["overrides"]["containerOverrides"] == [
        {"name": "app", "command": ["./migrate", "--all"]}
    ]
    assert request["startedBy"] == request["clientToken"]
    assert person.said == [
        "Migrate: known only after the deploy, so as they run now: QUEUE",
        f"Migrate: ./migrate --all in task {task.id}",
        *(f"Migrate: task {task.id} is {one}" for one in ("PROVISIONING", "PENDING", "RUNNING")),
        f"Migrate: task {task.id} is STOPPED",
        "Migrate | migrating",
        "Migrate has done its work",
    ]
    assert left_over(fake) == []


def test_a_template_without_steps_asks_aws_nothing(fake: FakeAws) -> None:
    stepped(fake, steps=())

    assert fake.calls == []


@pytest.mark.parametrize("kind", ["CREATE", "REPLACE", "NOTHING"])
def test_without_a_service_that_runs_no_step_does(fake: FakeAws, kind: Kind) -> None:
    stepped(fake, kind=kind)

    assert fake.calls == []


def test_a_step_for_a_service_that_is_new_is_left_out_and_said(fake: FakeAws) -> None:
    person = stepped(fake, steps=({**MIGRATE, "service": "Worker"},))

    assert person.said == ["Migrate: not run, because there is no service Worker yet"]
    assert runs(fake) == []


def test_steps_run_one_after_the_other_and_stop_at_the_first_failure(fake: FakeAws) -> None:
    fake.script.run_task_ends(0)
    fake.script.run_task_ends(2)
    steps = [{**MIGRATE, "name": name, "command": [name]} for name in ("One", "Two", "Three")]
    found = failure(fake, steps=steps)

    assert found.message.startswith("Two failed before the deploy (exit code 2, task ")
    assert [one["overrides"]["containerOverrides"][0]["command"] for one in fake.asked("RunTask")]
    assert len(runs(fake)) == 2
    assert left_over(fake) == []


def test_a_failed_step_says_why_and_that_the_old_version_serves(fake: FakeAws) -> None:
    fake.script.run_task_ends(1, logs=["one", "KeyError: 'DATABASE'"])
    found = failure(fake)
    [task] = runs(fake)

    assert found.code is Exit.REJECTED
    assert found.message.splitlines() == [
        f"Migrate failed before the deploy (exit code 1, task {task.id}): app exited 1; "
        f"{OLD_SERVES}",
        "    one",
        "    KeyError: 'DATABASE'",
    ]
    assert left_over(fake) == []


@pytest.mark.slow
def test_a_step_that_could_not_start_says_why(fake: FakeAws) -> None:
    fake.script.run_task_is_refused("RESOURCE:CPU")
    found = failure(fake)

    assert found.code is Exit.REJECTED
    assert found.message.startswith("ECS did not start the task: no instance of the cluster has")
    assert left_over(fake) == []


@pytest.mark.parametrize(
    ("stop", "code"),
    [(KeyboardInterrupt(), Exit.INTERRUPTED), (Terminated(), Exit.TERMINATED)],
)
def test_ctrl_c_leaves_the_step_alone_and_the_deploy_unbegun(
    fake: FakeAws, stop: KeyboardInterrupt, code: Exit
) -> None:
    fake.script.run_task_ends(0, after_s=600)
    found = interrupted(fake, stop)
    [task] = runs(fake)

    assert found is not None
    assert found.code is code
    assert found.message == (
        f"Migrate goes on in task {task.id}; the deploy has not begun, and the old version goes on "
        "serving"
    )
    assert task.lives


def test_ctrl_c_can_stop_the_step_and_with_it_the_deploy(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=600)
    found = interrupted(fake, KeyboardInterrupt(), Wish.CANCEL)

    assert found is not None
    assert found.code is Exit.REJECTED
    assert "it was stopped by hand" in found.message
    assert OLD_SERVES in found.message


@pytest.mark.slow
def test_a_step_that_takes_too_long_is_stopped_and_has_failed(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=3600)
    found = failure(fake, steps=({**MIGRATE, "timeout_minutes": 2},))

    assert found.code is Exit.REJECTED
    assert f"it took longer than 2 minutes and was stopped; {OLD_SERVES}" in found.message
    assert found.hint == "give it more with timeout_minutes=, or let it do less at a time"


@pytest.mark.slow
def test_one_that_ends_well_when_it_is_stopped_has_not_done_its_work(fake: FakeAws) -> None:
    def stop(request: dict[str, Any]) -> dict[str, Any]:
        task = runs(fake)[-1]
        fake.ecs.tasks.stop(task, "UserInitiated", request["reason"], exit_code=0)
        return {}

    fake.canned("ecs", "StopTask", stop)
    fake.script.run_task_ends(0, after_s=3600)
    late = failure(fake)
    fake.script.run_task_ends(0, after_s=3600)
    by_hand = interrupted(fake, KeyboardInterrupt(), Wish.CANCEL, token="eb-another")

    assert "(exit code 0, task " in late.message
    assert "it took longer than 15 minutes and was stopped" in late.message
    assert by_hand is not None
    assert "it was stopped by hand" in by_hand.message


@pytest.mark.slow
def test_one_that_cannot_be_stopped_goes_on_and_nothing_is_deployed(fake: FakeAws) -> None:
    fake.script.run_task_ends(0, after_s=3600)
    fake.fault("StopTask", denied)
    found = failure(fake)
    [task] = runs(fake)

    assert found.code is Exit.STILL_RUNNING
    assert found.hint == f"see what it does: ecs-blocks logs hoge --env prod --task {task.id}"


def test_notes_say_how_a_first_deploy_migrates() -> None:
    made = template(MIGRATE, {**MIGRATE, "name": "Seed"})

    assert notes(made, stack_exists=False) == [
        "Migrate, Seed cannot run before the first deploy: there is no service yet, and a new one "
        "starts a task, whatever ServiceDesiredCount says. Where the program does not start "
        "without it, deploy an image first that does, with --set ImageTag=…: the next deploy runs "
        "./migrate --all"
    ]
    assert notes(made, stack_exists=True) == []
    assert notes(template(), stack_exists=False) == []


def test_facts_say_what_will_run() -> None:
    assert facts(template({**MIGRATE, "container": "app"})) == [
        "before the deploy: Migrate runs ./migrate --all in app with the new image, at most 15 "
        "minutes"
    ]


def test_facts_say_that_a_step_does_not_run_on_spot() -> None:
    made = template(MIGRATE)
    made["Resources"]["Service"]["Properties"]["CapacityProviderStrategy"] = [
        {"CapacityProvider": "FARGATE", "Weight": {"Ref": "A"}},
        {"CapacityProvider": "FARGATE_SPOT", "Weight": {"Ref": "B"}},
    ]

    assert facts(made)[0].endswith(
        " minutes, on FARGATE: not on FARGATE_SPOT, which could take it away half done"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {**MIGRATE, "comand": ["x"]},
        {"name": "Migrate"},
        {**MIGRATE, "command": "./migrate"},
        {**MIGRATE, "timeout_minutes": "15"},
        {**MIGRATE, "command": [{"Ref": "X"}]},
    ],
)
def test_metadata_that_no_stack_script_writes_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeployError) as caught:
        steps_of(template(wrong))

    assert caught.value.code is Exit.INPUT
    assert caught.value.message.startswith(
        "the template's Metadata.ecs_blocks.before_deploy is not what a stack script writes: "
    )


@pytest.mark.parametrize(
    "metadata", [None, "text", {}, {"ecs_blocks": "x"}, {"ecs_blocks": {}}, {"other": []}]
)
def test_metadata_of_somebody_else_is_no_step(metadata: Any) -> None:
    assert steps_of({"Metadata": metadata}) == ()


def test_a_value_that_the_stack_keeps_is_not_known(fake: FakeAws) -> None:
    prepared, plan = upgrade(fake, (MIGRATE,), values={**VALUES, "Level": None})
    run_steps(aws_of(fake), prepared, plan, TOKEN, Person())
    [registered] = fake.asked("RegisterTaskDefinition")

    assert registered["containerDefinitions"][0]["environment"][0] == {
        "name": "LOG_LEVEL",
        "value": "info",
    }
