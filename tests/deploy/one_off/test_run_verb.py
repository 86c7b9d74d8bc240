"""``ecs-blocks run``: the container's lines on stdout, all else on stderr, its code at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.cli.run_task import run_task
from ecs_blocks.errors import Terminated
from tests.deploy.one_off.world import REPOSITORY, left_over, service, serving, template
from tests.fake_aws import denied

if TYPE_CHECKING:
    from tests.deploy.one_off.shell import Shell
    from tests.fake_aws import FakeAws
    from tests.project import Outcome

pytestmark = pytest.mark.slow

PROD = ("hoge", "--env", "prod")
DIGEST = f"sha256:{'ab' * 32}"


def ran(shell: Shell, *options: str, command: tuple[str, ...] = ("./migrate",)) -> Outcome:
    return shell.call(run_task, *PROD, *options, "--", *command)


def request(fake: FakeAws) -> dict[str, Any]:
    [found] = fake.asked("RunTask")
    return found


def override(fake: FakeAws) -> dict[str, Any]:
    [found] = request(fake)["overrides"]["containerOverrides"]
    assert isinstance(found, dict)
    return found


def task_id(fake: FakeAws) -> str:
    return fake.ecs.tasks.all[-1].id


def test_its_lines_are_stdout_and_its_code_is_the_commands(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    fake.script.run_task_ends(0, logs=["migrating", "done"])
    outcome = ran(shell, command=("./migrate", "--all", "a b"))
    task = f"task {task_id(fake)}"

    assert (outcome.code, outcome.stdout) == (0, "migrating\ndone\n")
    assert outcome.stderr.splitlines() == [
        f"{task} is PROVISIONING",
        f"{task} is PENDING",
        f"{task} is RUNNING",
        f"{task} is STOPPED",
        "app exited 0",
    ]
    assert override(fake) == {"name": "app", "command": ["./migrate", "--all", "a b"]}


def test_it_has_the_services_own_settings(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    ran(shell)
    found = request(fake)
    described = service(fake).described

    assert found["cluster"] == described["clusterArn"]
    assert found["taskDefinition"] == described["taskDefinition"]
    assert found["networkConfiguration"] == described["networkConfiguration"]
    assert found["capacityProviderStrategy"] == described["capacityProviderStrategy"]
    assert found["enableECSManagedTags"] is True
    assert found["startedBy"] == "ecs-blocks-run"
    assert fake.asked("RegisterTaskDefinition") == []


def test_each_run_by_hand_is_a_task_of_its_own(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    ran(shell)
    ran(shell)

    assert len({one["clientToken"] for one in fake.asked("RunTask")}) == 2
    assert sum(one.started_by == "ecs-blocks-run" for one in fake.ecs.tasks.all) == 2


@pytest.mark.parametrize(("code", "expected"), [(1, 1), (125, 125), (255, 255), (256, 1), (-1, 1)])
def test_a_failure_passes_the_containers_code(
    fake: FakeAws, shell: Shell, code: int, expected: int
) -> None:
    serving(fake)
    fake.script.run_task_ends(code, logs=["KeyError: 'DATABASE'"])
    outcome = ran(shell)

    assert (outcome.code, outcome.stdout) == (expected, "KeyError: 'DATABASE'\n")
    assert outcome.stderr.splitlines()[-1] == f"app exited {code}"


def test_a_task_that_never_ran_is_125_with_the_reason(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    fake.script.run_task_ends(
        None,
        runs=False,
        stop_code="TaskFailedToStart",
        reason="CannotPullContainerError: pull image manifest has been retried 1 time(s): failed "
        "to resolve ref hoge:2: not found",
    )
    outcome = ran(shell)

    assert outcome.code == 125
    assert f"{REPOSITORY}:1.8.1 is not in its registry" in outcome.stderr
    assert outcome.stderr.splitlines()[-1] == "app never ran"


def test_no_room_is_125_with_a_hint(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    fake.script.run_task_is_refused("RESOURCE:MEMORY")
    outcome = ran(shell)

    assert (outcome.code, outcome.stdout) == (125, "")
    assert outcome.stderr.splitlines() == [
        "ECS did not start the task: no instance of the cluster has as much memory left "
        "(RESOURCE:MEMORY)",
        "  let the cluster grow (the maximum of its capacity provider's Auto Scaling group), or "
        "wait until other tasks have ended",
    ]


@pytest.mark.parametrize(
    ("version", "image"),
    [("1.8.2", f"{REPOSITORY}:1.8.2"), (DIGEST, f"{REPOSITORY}@{DIGEST}")],
)
def test_another_image_is_a_revision_that_is_taken_away_again(
    fake: FakeAws, shell: Shell, version: str, image: str
) -> None:
    serving(fake)
    outcome = ran(shell, "--image", version)
    [registered] = fake.asked("RegisterTaskDefinition")
    running = service(fake).definition

    assert outcome.code == 0
    assert registered["family"] == "hoge-prod-run"
    assert [one["image"] for one in registered["containerDefinitions"]] == [image, "envoy:1"]
    for key in ("executionRoleArn", "networkMode", "cpu", "memory", "requiresCompatibilities"):
        assert registered[key] == running[key]
    assert request(fake)["taskDefinition"].endswith("/hoge-prod-run:1")
    assert left_over(fake) == []


def test_a_revision_that_cannot_be_taken_away_is_named(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    fake.fault("DeregisterTaskDefinition", denied)
    outcome = ran(shell, "--image", "2")

    assert outcome.code == 0
    assert "the task definition hoge-prod-run:1 is left over: " in outcome.stderr


def test_a_revision_is_taken_away_where_the_task_could_not_be_started(
    fake: FakeAws, shell: Shell
) -> None:
    serving(fake)
    fake.script.run_task_is_refused()

    assert ran(shell, "--image", "2").code == 125
    assert left_over(fake) == []


def test_variables_are_given_and_secrets_refused(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    good = ran(shell, "--set-env", "LOG_LEVEL=debug")
    secret = ran(shell, "--set-env", "DATABASE_URL=/db")
    bad = ran(shell, "--set-env", "DB_PASSWORD=hunter2")

    assert good.code == 0
    assert override(fake)["environment"] == [{"name": "LOG_LEVEL", "value": "debug"}]
    assert (secret.code, secret.stderr) == (
        125,
        "DATABASE_URL is a secret of app; --set-env cannot replace a secret\n",
    )
    assert bad.code == 125
    assert "hunter2" not in bad.stderr


def test_a_container_that_is_not_essential_ends_the_task_all_the_same(
    fake: FakeAws, shell: Shell
) -> None:
    serving(fake, template(proxy={"Essential": True}, app={"Essential": False}))
    real = fake.ecs.describe_tasks

    def exits(asked: dict[str, Any]) -> dict[str, Any]:
        answer = real(asked)
        for one in answer["tasks"][0]["containers"]:
            if answer["tasks"][0]["lastStatus"] == "RUNNING" and one["name"] == "app":
                one |= {"lastStatus": "STOPPED", "exitCode": 4}
        return answer

    fake.script.run_task_ends(0, after_s=3600)
    fake.canned("ecs", "DescribeTasks", exits)
    outcome = ran(shell)

    assert outcome.code == 4
    assert outcome.stderr.splitlines()[0] == (
        "app is not essential in hoge-prod:1: the task would go on without it, so it is stopped "
        "when it ends"
    )
    assert fake.asked("StopTask")[0]["reason"] == "app has ended (ecs-blocks)"


def test_a_container_that_another_ones_end_has_stopped_is_not_blamed(
    fake: FakeAws, shell: Shell
) -> None:
    serving(fake, template(proxy={"Essential": True}))
    real = fake.ecs.describe_tasks

    def fails(asked: dict[str, Any]) -> dict[str, Any]:
        answer = real(asked)
        for one in answer["tasks"][0]["containers"]:
            if answer["tasks"][0]["lastStatus"] == "STOPPED":
                one["exitCode"] = {"app": 143, "proxy": 1}[one["name"]]
        return answer

    fake.canned("ecs", "DescribeTasks", fails)
    outcome = ran(shell)

    assert outcome.code == 143
    assert f"task {task_id(fake)}: proxy: proxy exited 1" in outcome.stderr


def test_why_it_failed_is_waited_for_until_the_whole_task_has_stopped(
    fake: FakeAws, shell: Shell
) -> None:
    serving(fake)
    real = fake.ecs.describe_tasks
    seen: list[object] = []

    def slowly(asked: dict[str, Any]) -> dict[str, Any]:
        answer = real(asked)
        if answer["tasks"][0]["lastStatus"] == "STOPPED" and len(seen) < 3:
            seen.append(answer)
            answer["tasks"][0] |= {"lastStatus": "DEPROVISIONING", "stoppedReason": None}
        return answer

    fake.script.run_task_ends(
        137, stop_code="SpotInterruption", reason="Your Spot Task was interrupted."
    )
    fake.canned("ecs", "DescribeTasks", slowly)
    outcome = ran(shell)

    assert outcome.code == 137
    assert "AWS took the Spot capacity back" in outcome.stderr


def test_detached_it_only_prints_the_tasks_id(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    outcome = ran(shell, "--detach", "--image", "2")

    assert (outcome.code, outcome.stdout) == (0, f"{task_id(fake)}\n")
    assert outcome.stderr == (
        f"its log: ecs-blocks logs hoge --env prod --task {task_id(fake)} --follow\n"
    )
    assert fake.ecs.tasks.all[-1].lives
    assert left_over(fake) == []


@pytest.mark.parametrize(("stop", "code"), [(KeyboardInterrupt(), 130), (Terminated(), 143)])
def test_without_a_terminal_a_signal_leaves_the_task_alone(
    fake: FakeAws, shell: Shell, stop: KeyboardInterrupt, code: int
) -> None:
    serving(fake)
    fake.script.run_task_ends(0, after_s=3600)

    def happen() -> None:
        raise stop

    fake.clock.at(30, happen)
    outcome = ran(shell, "--image", "2")

    assert outcome.code == code
    assert outcome.stderr.splitlines()[-1] == (
        f"task {task_id(fake)} goes on; its log: ecs-blocks logs hoge --env prod --task "
        f"{task_id(fake)} --follow"
    )
    assert fake.ecs.tasks.all[-1].lives
    assert left_over(fake) == []


@pytest.mark.slow
def test_past_its_time_it_is_stopped_and_125(fake: FakeAws, shell: Shell) -> None:
    serving(fake)
    fake.script.run_task_ends(0, after_s=3600)
    outcome = ran(shell, "--timeout", "2")

    assert outcome.code == 125
    assert outcome.stderr.splitlines()[-1] == (
        f"task {task_id(fake)} took longer than 2 minutes and was stopped"
    )


def test_a_bug_is_a_failure_of_the_verb(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no")

    monkeypatch.setattr("ecs_blocks.cli.run_task.opened", broken)
    done = ran(shell)

    assert (done.code, "FAILED: ecs-blocks has a bug" in done.stderr) == (125, True)


def test_in_a_ci_job_no_line_is_an_order(
    fake: FakeAws, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    serving(fake)
    fake.script.run_task_ends(0, logs=["::set-output name=a::b", "\x1b]0;title"])

    assert ran(shell).stdout == ": :set-output name=a::b\n\n"


@pytest.mark.slow
def test_it_does_not_run_for_ever(fake: FakeAws, shell: Shell) -> None:
    """Without --timeout it is an hour."""
    serving(fake)
    fake.script.run_task_ends(0, after_s=100_000)
    done = ran(shell)

    assert done.code == 125
    assert "took longer than 60 minutes and was stopped" in done.stderr
