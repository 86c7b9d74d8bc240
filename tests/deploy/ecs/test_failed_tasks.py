"""Failed tasks as they are shown: each once, and only ours (64, 66, 67, 70)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
from ecs_blocks.deploy.progress import FailureKind as Kind
from tests.deploy.ecs.fetch_reasons import PULL
from tests.deploy.ecs.tasks import GROUP, SERVICE, ended, revision_arn, task
from tests.deploy.ecs.watching import ELB, EXITED, after, crashed, stream
from tests.deploy.ecs.world import OLD, deployment, event, rollout, service

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from tests.deploy.ecs.world import VirtualClock, World


@pytest.mark.slow
def test_row_64_an_image_that_cannot_be_pulled_is_told_within_a_minute(
    world: World, watcher: ServiceWatcher
) -> None:
    world.tasks = [task(f"{PULL}failed to resolve ref hoge:1: hoge:1: not found", task_id="1")]
    [failed] = watcher.look().failures

    assert failed.kind is Kind.IMAGE_PULL
    assert "is not in its registry" in failed.summary
    assert (failed.task_id, failed.log_lines, failed.note) == ("1", (), "")
    assert world.count("GetLogEvents") == 0, "nothing ran, so there is nothing to read"


def test_row_65_tasks_of_a_service_that_is_deleted_already_are_still_found(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    watcher.look()
    world.service = None
    world.tasks = [crashed()]
    [failed] = after(watcher, clock, 10)

    assert failed.kind is Kind.EXIT
    assert [asked for name, asked in world.calls if name == "ListTasks"][-1]["family"] == "hoge"


def test_row_66_each_failure_is_classified(world: World, watcher: ServiceWatcher) -> None:
    world.tasks = [
        task(EXITED, ended(code=137, reason="OutOfMemoryError: killed"), task_id="1", at_s=1),
        task(ELB, ended(code=143), task_id="2", code="ServiceSchedulerInitiated", at_s=2),
        task("Timeout waiting for network interface provisioning to complete.", task_id="3"),
    ]
    assert world.service
    world.service["events"] = [
        event("(service hoge) was unable to place a task. Reason: Capacity is unavailable at this"),
        event(
            f"(service hoge) (task 2) (port 8080) is unhealthy in (target-group {GROUP}) due to "
            "(reason Health checks failed with these codes: [502])"
        ),
    ]
    failures = watcher.look().failures

    assert [one.kind for one in failures] == [
        *(Kind.NETWORK, Kind.OUT_OF_MEMORY, Kind.LOAD_BALANCER_HEALTH, Kind.NO_CAPACITY)
    ]
    assert failures[2].summary.endswith("Health checks failed with these codes: [502]")


@pytest.mark.parametrize(
    "other",
    [
        crashed(started_by="ecs-svc/7"),
        crashed(started_by="somebody"),
        crashed(number=41),
        {
            **crashed(),
            "stoppedReason": "Scaling activity initiated by (deployment ecs-svc/42)",
            "stopCode": "ServiceSchedulerInitiated",
        },
    ],
    ids=["another deployment", "run by hand", "the old version", "scaled in"],
)
def test_row_67_a_task_that_is_not_of_this_deployment_is_not_blamed(
    world: World, clock: VirtualClock, watcher: ServiceWatcher, other: dict[str, Any]
) -> None:
    world.tasks = [other]
    watcher.look()

    assert after(watcher, clock, 10) == ()
    assert world.count("DescribeTasks") == 1, "it is not asked again"


def test_the_same_failure_is_shown_once_and_counted(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.logs = {stream(str(n)): [f"KeyError: 'X' in {n}"] for n in range(1, 5)}
    world.tasks = [crashed("1", at_s=10), crashed("2", at_s=20)]
    watcher.look()
    world.tasks += [crashed("3", at_s=30), crashed("4", at_s=40)]
    [failed] = after(watcher, clock, 10)

    assert (failed.task_id, failed.same) == ("1", 3)
    assert failed.log_lines == ("KeyError: 'X' in 1",)
    assert world.count("GetLogEvents") == 1
    assert world.count("DescribeTasks") == 2, "a task is described once"


def test_row_70_tasks_that_ecs_has_forgotten_are_counted(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.other_arns = ["arn:aws:ecs:x:1:task/default/8", "arn:aws:ecs:x:1:task/default/9"]
    view = watcher.look()
    after(watcher, clock, 10)

    assert "2 stopped tasks were gone before ECS could say why" in view.note
    assert view.failures == ()
    assert world.count("DescribeTasks") == 1


@pytest.mark.slow
def test_a_hundred_and_more_stopped_tasks_are_read_in_pages(
    world: World, watcher: ServiceWatcher
) -> None:
    world.tasks = [crashed(str(n), at_s=n) for n in range(250)]
    [failed] = watcher.look().failures

    assert failed.same == 249
    assert (world.count("ListTasks"), world.count("DescribeTasks")) == (3, 3)


def test_a_task_that_is_still_stopping_is_awaited_for_its_exit_code(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    stopping = {**crashed(), "lastStatus": "STOPPING", "containers": [ended()]}
    world.tasks = [stopping]
    assert watcher.look().failures == ()
    world.tasks = [crashed()]
    [failed] = after(watcher, clock, 10)

    assert failed.exit_code == 1


def test_one_that_failed_its_health_check_is_told_before_it_is_drained(
    world: World, watcher: ServiceWatcher
) -> None:
    world.tasks = [{**task(ELB, ended(), task_id="1"), "lastStatus": "DEACTIVATING"}]
    world.health[GROUP] = [("unhealthy", "Request timed out"), ("healthy", "")]
    [failed] = watcher.look().failures

    assert failed.summary == "the load balancer's health check failed: Request timed out"


def test_an_event_about_a_task_that_is_shown_already_is_left_out(
    world: World, watcher: ServiceWatcher
) -> None:
    text = f"{PULL}image Manifest does not contain descriptor matching platform 'linux/amd64'"
    world.tasks = [task(text, task_id="1")]
    assert world.service
    message = f"(service hoge) was unable to place a task. Reason: {text}."
    world.service["events"] = [event(message), event(message, 2)]
    [failed] = watcher.look().failures

    assert failed.task_id == "1"


def test_events_from_before_the_deployment_are_left_out(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    message = "(service hoge) was unable to place a task. Reason: Capacity is unavailable at this."
    assert world.service
    world.service["events"] = [event(message, -1)]
    assert watcher.look().failures == ()
    world.service["events"] = [event(message, 5), event(message, 3), event(message, -1)]
    [failed] = after(watcher, clock, 10)

    assert (failed.kind, failed.task_id, failed.same) == (Kind.NO_CAPACITY, "", 1)


def test_what_failed_before_the_deployment_began_is_no_concern_of_it(
    world: World, clock: VirtualClock, aws: Aws
) -> None:
    """The stack keeps the task definition and changes something else of the service."""
    old = deployment(42, 2, **{**OLD, "status": "PRIMARY"})
    world.service = service(old, events=[event("(service hoge) was unable to place a task.", -9)])
    world.tasks = [crashed()]
    watcher = ServiceWatcher(aws, "HogeService", SERVICE, revision_arn(42))
    assert watcher.look().failures == ()
    new = deployment(42, 0, id="ecs-svc/99")
    world.service = service(new, {**old, "status": "ACTIVE"}, events=world.service["events"])
    world.tasks.append(crashed("2", started_by="ecs-svc/99"))
    failures = after(watcher, clock, 10)

    assert [one.task_id for one in failures] == ["2"]


def test_row_67_after_a_rollback_too_only_tasks_of_this_deployment_are_blamed(
    world: World, watcher: ServiceWatcher
) -> None:
    """The deployment is listed no more; its id is that of the service revision."""
    world.service = service(deployment(41, 2, id="ecs-svc/90", rolloutState="COMPLETED"))
    world.rollouts = [rollout(42, "ROLLBACK_SUCCESSFUL")]
    world.tasks = [crashed("1"), crashed("2", started_by="ecs-svc/7")]
    [failed] = watcher.look().failures

    assert (failed.task_id, failed.same) == ("1", 0)


def test_each_task_has_its_own_answer_to_the_health_check(
    world: World, watcher: ServiceWatcher
) -> None:
    other = f"{GROUP}0"
    told = (
        "(service hoge) (task {}) (port 8080) is unhealthy in (target-group {}) due to (reason {})"
    )
    world.tasks = [task(ELB, ended(), task_id=one) for one in ("task-one", "task-two")]
    world.service = service(
        deployment(42, 0),
        events=[
            event(told.format("task-x", other, "Health checks failed with these codes: [404]"), 4),
            event(told.format("task-two", GROUP, "Request timed out"), 3),
            event(
                told.format("task-one", GROUP, "Health checks failed with these codes: [503]"), 2
            ),
        ],
    )
    first, second = watcher.look().failures

    assert first.summary.endswith("[503]")
    assert second.summary.endswith("Request timed out")


def test_the_answer_to_another_target_groups_check_is_not_told(
    world: World, watcher: ServiceWatcher
) -> None:
    message = f"(service hoge) is unhealthy in (target-group {GROUP}0) due to (reason No)"
    world.tasks = [task(ELB, ended(), task_id="1")]
    world.service = service(deployment(42, 0), events=[event(message)])
    [failed] = watcher.look().failures

    assert failed.summary == "the load balancer's health check failed"
