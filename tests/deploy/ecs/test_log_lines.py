"""The last lines of a failed container: read in time and kept, or a note why not (65, 70)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.deploy.ecs.tasks import LOG_GROUP, container, definition, ended, revision_arn, task
from tests.deploy.ecs.watching import ELB, after, crashed, stream
from tests.deploy.ecs.world import DENIED, THROTTLED, deployment, service

if TYPE_CHECKING:
    from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
    from tests.deploy.ecs.world import VirtualClock, World


def test_row_65_the_last_lines_are_kept_when_the_rollback_deletes_the_log_group(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.tasks = [crashed()]
    world.logs[stream("1")] = [f"line {n}" for n in range(100)]
    watcher.look()
    world.logs.clear()
    world.tasks.clear()
    world.service = None
    [failed] = after(watcher, clock, 60)

    assert failed.log_lines == tuple(f"line {n}" for n in range(70, 100))
    assert (failed.exit_code, failed.ran_s, failed.container) == (1, 6, "app")


def test_lines_that_come_late_are_asked_for_again(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.tasks = [crashed()]
    [failed] = watcher.look().failures
    assert failed.note == f"no log lines: {LOG_GROUP} has no stream web/app/1"
    world.logs[stream("1")] = ["KeyError: 'DATABASE_URL'"]
    [failed] = after(watcher, clock, 10)

    assert failed.log_lines == ("KeyError: 'DATABASE_URL'",)
    assert failed.hint == "the program asks for DATABASE_URL, which hoge:42 does not set"
    assert failed.note == ""


def test_row_70_lines_that_never_come_are_given_up(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.tasks = [crashed()]
    for _ in range(8):
        after(watcher, clock, 10)

    assert world.count("GetLogEvents") == 3


@pytest.mark.parametrize(
    ("logging", "note"),
    [
        (None, "no log lines: app has no log configuration"),
        (
            {"logDriver": "awsfirelens", "options": {"Name": "x"}},
            "the log of app goes through awsfirelens: look where that sends it",
        ),
        (
            {"logDriver": "awslogs", "options": {"awslogs-group": "g"}},
            "no log lines: the log configuration of app names no group or stream",
        ),
        (
            {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": "g",
                    "awslogs-region": "us-east-1",
                    "awslogs-stream-prefix": "p",
                },
            },
            "the log is in us-east-1: g, stream p/app/1",
        ),
    ],
)
def test_row_70_where_lines_cannot_be_read_a_note_says_so(
    world: World, watcher: ServiceWatcher, logging: dict[str, Any] | None, note: str
) -> None:
    made = definition(container(logConfiguration=logging))
    world.definitions[revision_arn(42)] = made
    world.tasks = [crashed()]
    [failed] = watcher.look().failures

    assert (failed.note, failed.log_lines) == (note, ())


@pytest.mark.parametrize(
    ("operation", "refusal", "note"),
    [
        ("GetLogEvents", DENIED, "no log lines: permission logs:GetLogEvents is missing"),
        ("GetLogEvents", THROTTLED, "no log lines: CloudWatch Logs did not answer"),
        ("DescribeTaskDefinition", DENIED, "no log lines: the task definition cannot be read"),
    ],
)
def test_row_70_a_refused_call_leaves_the_failure_standing(
    world: World, watcher: ServiceWatcher, operation: str, refusal: Any, note: str
) -> None:
    world.refuse[operation] = refusal
    world.tasks = [crashed()]
    [failed] = watcher.look().failures

    assert (failed.summary, failed.note) == ("app exited 1", note)


def test_the_log_configuration_is_that_of_the_tasks_own_revision(
    world: World, watcher: ServiceWatcher
) -> None:
    """After a rollback the service has the old revision, whose logs are elsewhere."""
    world.service = service(
        deployment(41, 2), deployment(42, 0, status="ACTIVE", rolloutState="FAILED")
    )
    world.tasks = [crashed()]
    world.logs[stream("1")] = ["mine"]
    [failed] = watcher.look().failures

    assert failed.log_lines == ("mine",)
    assert failed.hint == "the log lines say why"


def test_the_lines_of_a_later_task_stand_in_for_those_that_never_came(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.tasks = [crashed("1")]
    watcher.look()
    world.tasks.append(crashed("2", at_s=70))
    world.logs[stream("2")] = ["mine"]
    after(watcher, clock, 10)
    [failed] = after(watcher, clock, 10)

    assert (failed.log_lines, failed.same) == (("mine",), 1)


def test_an_empty_page_is_not_taken_for_an_empty_log(world: World, watcher: ServiceWatcher) -> None:
    world.tasks = [crashed()]
    world.logs[stream("1")] = ["mine"]
    world.empty_pages = 2
    [failed] = watcher.look().failures

    assert failed.log_lines == ("mine",)
    assert {asked["limit"] for name, asked in world.calls if name == "GetLogEvents"} == {30}


def test_a_task_that_is_still_drained_has_lines_too(world: World, watcher: ServiceWatcher) -> None:
    world.tasks = [{**task(ELB, ended(), task_id="1", ran_s=90), "lastStatus": "DEACTIVATING"}]
    world.logs[stream("1")] = ["GET /health 500"]
    [failed] = watcher.look().failures

    assert failed.log_lines == ("GET /health 500",)


def test_what_the_version_before_had_is_compared(world: World, watcher: ServiceWatcher) -> None:
    secret = {"name": "DATABASE_URL", "valueFrom": "x"}
    world.definitions[revision_arn(41)] = definition(container(secrets=[secret]), number=41)
    world.tasks = [crashed()]
    world.logs[stream("1")] = ["Error: DATABASE_URL must be set"]
    [failed] = watcher.look().failures

    assert failed.hint == "DATABASE_URL is in hoge:41 but not in hoge:42"
