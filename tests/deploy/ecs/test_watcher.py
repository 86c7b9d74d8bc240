"""A service's deployment as the watcher shows it: counts, hooks, other hands (69, 71, 72)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
from ecs_blocks.deploy.progress import Pause, Target, Tasks
from tests.deploy.ecs.tasks import GROUP, SERVICE, revision_arn
from tests.deploy.ecs.world import OLD, deployment, rollout, service, time

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from tests.deploy.ecs.world import VirtualClock, World


def test_the_deployment_is_shown_as_describe_services_has_it(
    world: World, watcher: ServiceWatcher
) -> None:
    world.service = service(
        deployment(42, 1, pendingCount=1, failedTasks=3), deployment(41, 2, **OLD)
    )
    world.health[GROUP] = [("healthy", ""), ("initial", ""), ("unhealthy", "Request timed out")]
    view = watcher.look()

    assert (view.logical_id, view.name, view.rollout) == ("HogeService", "hoge", "IN_PROGRESS")
    assert view.new == Tasks("hoge:42", 2, 1, 1, failed=3)
    assert view.old == (Tasks("hoge:41", 2, 2, 0),)
    assert view.targets == (Target("hoge-tg", 1, 1, 1, 0, "Request timed out"),)
    assert view.note == ""


def test_a_service_deployment_says_more(world: World, watcher: ServiceWatcher) -> None:
    world.rollouts = [
        rollout(
            42,
            lifecycleStage="BAKE_TIME",
            deploymentConfiguration={"strategy": "CANARY"},
            deploymentCircuitBreaker={"status": "MONITORING", "failureCount": 3, "threshold": 10},
            alarms={"status": "TRIGGERED", "triggeredAlarmNames": ["hoge-5xx"]},
        ),
        rollout(41, "SUCCESSFUL"),
    ]
    world.rollouts[0]["targetServiceRevision"]["requestedProductionTrafficWeight"] = 10.0
    view = watcher.look()

    assert (view.breaker_failures, view.breaker_threshold) == (3, 10)
    assert (view.stage, view.alarms) == ("BAKE_TIME", ("hoge-5xx",))
    assert view.new is not None
    assert (view.new.traffic_percent, view.new.failed) == (10.0, 3)
    assert view.new.image == "hoge:1.8.3@sha256:9c"


def test_a_rolling_deployment_shifts_no_traffic(world: World, watcher: ServiceWatcher) -> None:
    world.rollouts = [rollout(42, deploymentConfiguration={"strategy": "ROLLING"})]
    world.rollouts[0]["targetServiceRevision"]["requestedProductionTrafficWeight"] = 100.0
    view = watcher.look()

    assert view.new is not None
    assert view.new.traffic_percent is None


def test_a_breaker_that_is_off_has_no_count(world: World, watcher: ServiceWatcher) -> None:
    off = {"status": "DISABLED", "failureCount": 0, "threshold": 0}
    world.rollouts = [rollout(42, deploymentCircuitBreaker=off)]
    view = watcher.look()

    assert (view.breaker_failures, view.breaker_threshold) == (None, None)


def test_row_69_a_hook_that_waits_for_a_person_says_what_to_do(
    world: World, watcher: ServiceWatcher
) -> None:
    hook = {
        "hookId": "h1",
        "targetType": "PAUSE",
        "status": "AWAITING_ACTION",
        "expiresAt": dt.datetime(2026, 11, 23, 18, 0, tzinfo=dt.UTC),
        "timeoutAction": "ROLLBACK",
    }
    ours = {**hook, "hookId": "h2", "targetType": "AWS_LAMBDA"}
    past = {**hook, "hookId": "h0", "status": "SUCCEEDED"}
    stage = "POST_TEST_TRAFFIC_SHIFT"
    world.rollouts = [rollout(42, lifecycleStage=stage, lifecycleHookDetails=[ours, past, hook])]
    arn = world.rollouts[0]["serviceDeploymentArn"]

    seen = watcher.look()

    assert seen.waiting_for == (
        "approval at POST_TEST_TRAFFIC_SHIFT until 2026-11-23 18:00 UTC, then it rolls back"
    )
    assert seen.pause == Pause(arn, "h1", stage, "2026-11-23 18:00 UTC", "ROLLBACK")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("PENDING", "PENDING"),
        ("SUCCESSFUL", "COMPLETED"),
        ("ROLLBACK_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"),
        ("ROLLBACK_SUCCESSFUL", "ROLLBACK_SUCCESSFUL"),
    ],
)
def test_the_rollout_is_told_in_ecs_words(
    world: World, watcher: ServiceWatcher, status: str, expected: str
) -> None:
    world.rollouts = [rollout(42, status)]

    assert watcher.look().rollout == expected


def test_without_service_deployments_a_rollback_is_seen_all_the_same(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    watcher.look()
    reason = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/41."
    world.service = service(
        deployment(41, 2, id="ecs-svc/90", rolloutStateReason=reason),
        deployment(42, 0, status="ACTIVE", rolloutState="FAILED"),
    )
    clock.sleep(5)
    first = watcher.look()
    world.service = service(deployment(41, 2, id="ecs-svc/90", rolloutState="COMPLETED"))
    world.service["events"] = [
        {"createdAt": time(0), "message": "(service hoge) rolling back to deployment ecs-svc/41."}
    ]
    clock.sleep(5)
    second = watcher.look()

    assert (first.rollout, second.rollout) == ("FAILED", "ROLLBACK_SUCCESSFUL")
    assert second.old == (Tasks("hoge:41", 2, 2, 0),)


def test_calls_are_made_when_they_are_due(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.rollouts = [rollout(42), rollout(41, "SUCCESSFUL")]
    for _ in range(20):
        watcher.look()
        clock.sleep(1)

    assert {name: world.count(name) for name, _ in world.calls} == {
        "DescribeServices": 4,
        "ListServiceDeployments": 1,
        "DescribeServiceRevisions": 1,
        "DescribeServiceDeployments": 4,
        "DescribeTargetHealth": 2,
        "ListTasks": 2,
    }


def test_a_service_deployment_that_is_over_is_not_asked_for_again(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.rollouts = [rollout(42, "ROLLBACK_SUCCESSFUL")]
    for _ in range(5):
        watcher.look()
        clock.sleep(5)

    assert world.count("DescribeServiceDeployments") == 1


def test_a_second_deployment_of_the_same_task_definition_is_followed(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    world.rollouts = [rollout(42, "SUCCESSFUL")]
    arn = world.rollouts[0]["serviceDeploymentArn"]
    assert world.service
    world.service["currentServiceDeployment"] = arn
    watcher.look()
    again = {**rollout(42), "serviceDeploymentArn": f"{arn}b", "createdAt": time(60)}
    world.rollouts.insert(0, again)
    world.service["currentServiceDeployment"] = f"{arn}b"
    clock.sleep(5)

    assert watcher.look().rollout == "IN_PROGRESS"


def test_row_72_another_update_while_ours_goes_on_is_reported(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    watcher.look()
    world.service = service(
        deployment(43, 0, createdAt=time(60)),
        deployment(42, 1, status="ACTIVE"),
        deployment(41, 2, **OLD),
    )
    clock.sleep(5)

    assert watcher.look().note == (
        "somebody else deployed hoge:43 after hoge:42 (UpdateService at 05:01:00 UTC, deployment "
        "ecs-svc/43)"
    )


def test_when_the_stack_sets_the_service_back_nobody_else_is_blamed(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    watcher.look()
    world.service = service(
        deployment(41, 2, id="ecs-svc/90", createdAt=time(600)), deployment(42, 0, status="ACTIVE")
    )
    clock.sleep(5)

    assert watcher.look().note == "the service was set back to hoge:41"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (service(deployment(41, 2, rolloutState="COMPLETED")), None),
        (service(deployment(42, 0), deployment(41, 2, **OLD)), None),
        (
            service(deployment(41, 2, rolloutState="COMPLETED")),
            service(deployment(42, 2, rolloutState="COMPLETED")),
        ),
    ],
    ids=["begins later", "is in progress", "is over at the second look"],
)
def test_without_a_target_the_first_deployment_is_followed(
    world: World, clock: VirtualClock, aws: Aws, first: dict[str, Any], then: dict[str, Any] | None
) -> None:
    watcher = ServiceWatcher(aws, "HogeService", SERVICE)
    world.service = first
    watcher.look()
    world.service = then or service(deployment(42, 0), deployment(41, 2, **OLD))
    clock.sleep(5)
    view = watcher.look()

    assert view.new is not None
    assert view.new.revision == "hoge:42"


def test_a_service_deployment_of_long_ago_is_not_taken_for_the_target(
    world: World, clock: VirtualClock, aws: Aws
) -> None:
    watcher = ServiceWatcher(aws, "HogeService", SERVICE)
    world.service = service(deployment(41, 2, rolloutState="COMPLETED"))
    world.rollouts = [rollout(40, "ROLLBACK_SUCCESSFUL")]
    before = watcher.look()
    world.service = service(deployment(42, 0), deployment(41, 2, **OLD))
    world.service["currentServiceDeployment"] = rollout(42)["serviceDeploymentArn"]
    world.rollouts.insert(0, rollout(42))
    clock.sleep(5)
    after = watcher.look()

    assert before.new is None
    assert after.new is not None
    assert after.new.revision == "hoge:42"


@pytest.mark.parametrize("kind", ["CODE_DEPLOY", "EXTERNAL"])
def test_row_71_another_controller_is_shown_by_its_task_sets(
    world: World, watcher: ServiceWatcher, kind: str
) -> None:
    sets = [
        {
            "id": f"ecs-svc/{n}",
            "status": status,
            "taskDefinition": revision_arn(n),
            "computedDesiredCount": 2,
            "runningCount": running,
            "pendingCount": 0,
            "stabilityStatus": "STABILIZING",
            "loadBalancers": [{"targetGroupArn": GROUP}],
        }
        for n, status, running in ((42, "PRIMARY", 1), (41, "ACTIVE", 2))
    ]
    world.service = service(deploymentController={"type": kind}, taskSets=sets, loadBalancers=[])
    view = watcher.look()

    assert (view.rollout, view.new) == ("IN_PROGRESS", Tasks("hoge:42", 2, 1, 0))
    assert view.old == (Tasks("hoge:41", 2, 2, 0),)
    assert view.targets[0].healthy == 2


def test_row_72_an_older_version_that_did_not_run_before_comes_from_somebody_else(
    world: World, clock: VirtualClock, watcher: ServiceWatcher
) -> None:
    watcher.look()
    world.service = service(deployment(40, 0, createdAt=time(600)))
    clock.sleep(5)

    assert watcher.look().note.startswith("somebody else deployed hoge:40 after hoge:42")
