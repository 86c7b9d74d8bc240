"""Deployments that ECS ends by itself, which CloudFormation does not always know of (68, 69)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.progress import FailureKind
from tests.deploy.ecs.tasks import LOG_GROUP, ended, task
from tests.deploy.ecs.verifying import DONE, verify
from tests.deploy.ecs.world import deployment, event, rollout, service, time

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from tests.deploy.ecs.world import VirtualClock, World

BACK = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/41."
TRIGGERED = {"status": "TRIGGERED", "failureCount": 10, "threshold": 10}


def test_row_68_a_rollback_by_ecs_is_a_failure_although_the_stack_is_complete(
    world: World, aws: Aws
) -> None:
    world.service = service(deployment(41, 2, id="ecs-svc/90", **DONE))
    world.rollouts = [
        rollout(
            42,
            "ROLLBACK_SUCCESSFUL",
            statusReason="Service deployment rolled back because the circuit breaker threshold "
            "was exceeded.",
            deploymentCircuitBreaker=TRIGGERED,
        ),
        rollout(41, "SUCCESSFUL"),
    ]
    world.tasks = [
        task("Essential container in task exited", ended(code=1), task_id=str(n), ran_s=6)
        for n in range(10)
    ]
    world.logs = {f"{LOG_GROUP}:web/app/0": ["KeyError: 'DATABASE_URL'"]}
    verdict = verify(aws)

    assert verdict.sentence == "ECS went back to hoge:41 (circuit breaker, 10/10 failures)"
    assert (verdict.serves, verdict.is_decided) == (False, True)
    [failed] = verdict.failures
    assert (failed.kind, failed.same) == (FailureKind.EXIT, 9)
    assert failed.log_lines == ("KeyError: 'DATABASE_URL'",)


@pytest.mark.parametrize(
    ("deployments", "events", "sentence"),
    [
        (
            [
                deployment(41, 2, id="ecs-svc/90", rolloutStateReason=BACK, **DONE),
                deployment(42, 0, status="ACTIVE", rolloutState="FAILED", failedTasks=10),
            ],
            [],
            "ECS went back to hoge:41 (circuit breaker, 10 failures)",
        ),
        (
            [deployment(41, 2, id="ecs-svc/90", createdAt=time(600), **DONE)],
            [
                event("(service hoge) rolling back to deployment ecs-svc/41.", 601),
                event(
                    "(service hoge) (deployment ecs-svc/42) deployment failed: tasks failed.", 599
                ),
            ],
            "ECS went back to hoge:41 (rolling back to deployment ecs-svc/41)",
        ),
        (
            [
                deployment(41, 2, id="ecs-svc/90", rolloutStateReason=BACK, **DONE),
            ],
            [],
            "ECS went back to hoge:41 (circuit breaker)",
        ),
        (
            [
                deployment(41, 2, id="ecs-svc/90", **DONE),
                deployment(42, 0, status="ACTIVE", rolloutState="FAILED", rolloutStateReason="No."),
            ],
            [],
            "ECS went back to hoge:41 (No)",
        ),
    ],
    ids=["still listed", "by the events", "by the reason", "by its failure"],
)
def test_row_68_a_rollback_is_seen_without_service_deployments(
    world: World,
    aws: Aws,
    deployments: list[dict[str, Any]],
    events: list[dict[str, Any]],
    sentence: str,
) -> None:
    world.service = service(*deployments, events=events)

    assert verify(aws).sentence == sentence


def test_row_68_a_rollback_that_goes_on_is_awaited(
    world: World, clock: VirtualClock, aws: Aws
) -> None:
    going = rollout(42, "ROLLBACK_IN_PROGRESS", deploymentCircuitBreaker=TRIGGERED)
    world.rollouts = [going]
    world.service = service(deployment(41, 1, id="ecs-svc/90"))
    clock.after(60, lambda: going.update(status="ROLLBACK_SUCCESSFUL"))
    began_s = clock.now_s()
    verdict = verify(aws)

    assert verdict.sentence == "ECS went back to hoge:41 (circuit breaker, 10/10 failures)"
    assert clock.now_s() - began_s >= 60


@pytest.mark.parametrize(
    ("status", "more", "sentence"),
    [
        (
            "ROLLBACK_SUCCESSFUL",
            {"alarms": {"status": "TRIGGERED", "triggeredAlarmNames": ["hoge-5xx"]}},
            "ECS went back to hoge:41 (alarm hoge-5xx)",
        ),
        (
            "ROLLBACK_SUCCESSFUL",
            {"statusReason": "Service deployment rolled back because of a hook."},
            "ECS went back to hoge:41 (Service deployment rolled back because of a hook)",
        ),
        (
            "ROLLBACK_FAILED",
            {"deploymentCircuitBreaker": TRIGGERED},
            "hoge:42 failed (circuit breaker, 10/10 failures), and going back failed too: 2 of 2 "
            "tasks run",
        ),
    ],
)
def test_the_cause_of_a_rollback_is_told(
    world: World, aws: Aws, status: str, more: dict[str, Any], sentence: str
) -> None:
    world.service = service(deployment(41, 2, id="ecs-svc/90", **DONE))
    world.rollouts = [rollout(42, status, **more)]

    assert verify(aws).sentence == sentence


def test_a_first_deployment_has_nothing_to_go_back_to(world: World, aws: Aws) -> None:
    reason = "ECS deployment circuit breaker: tasks failed to start."
    failed = deployment(42, 0, rolloutState="FAILED", rolloutStateReason=reason, failedTasks=10)
    world.service = service(failed)

    assert verify(aws).sentence == (
        "hoge:42 failed (circuit breaker, 10 failures), and ECS did not go back: 0 of 2 tasks run"
    )


def test_row_69_a_hook_that_waits_is_named_when_the_time_is_over(world: World, aws: Aws) -> None:
    hook = {
        "hookId": "h1",
        "targetType": "PAUSE",
        "status": "AWAITING_ACTION",
        "expiresAt": dt.datetime(2026, 12, 7, tzinfo=dt.UTC),
        "timeoutAction": "CONTINUE",
    }
    world.rollouts = [rollout(42, lifecycleStage="PRE_SCALE_UP", lifecycleHookDetails=[hook])]
    verdict = verify(aws, 60)

    assert (verdict.serves, verdict.is_decided) == (False, False)
    assert verdict.sentence.startswith(
        "hoge:42 waits for approval at PRE_SCALE_UP until 2026-12-07 00:00 UTC, then it goes on"
    )


def test_row_68_a_rollback_of_long_ago_is_not_taken_for_one_of_now(world: World, aws: Aws) -> None:
    told = "(service hoge) rolling back to deployment ecs-svc/40."
    world.service = service(
        deployment(41, 2, createdAt=time(600), **DONE), events=[event(told, 60)]
    )

    assert verify(aws).sentence == "hoge:41 is deployed, and hoge:42 never was"


def test_row_68_a_newer_version_is_no_rollback(world: World, aws: Aws) -> None:
    """Somebody mends it at once, while the events still tell of our failure."""
    told = "(service hoge) (deployment ecs-svc/42) deployment failed: tasks failed to start."
    world.service = service(
        deployment(43, 2, createdAt=time(600), **DONE),
        deployment(42, 0, status="ACTIVE"),
        events=[event(told, 590)],
    )

    assert verify(aws).sentence.startswith("somebody else deployed hoge:43 after hoge:42")
