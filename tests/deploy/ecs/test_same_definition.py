"""A service that is started again: its old and its new tasks have the same task definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec import structs

from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
from tests.deploy.ecs.tasks import SERVICE, revision_arn
from tests.deploy.ecs.verifying import DONE, EXPECTED, verify
from tests.deploy.ecs.world import OLD, deployment, event, rollout, service, time

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from tests.deploy.ecs.world import World

NEW: Final = "ecs-svc/42"
BEFORE: Final = {**OLD, "id": "ecs-svc/7"}
AGAIN: Final = structs.replace(EXPECTED, deployment_id=NEW)
FAILED: Final[dict[str, Any]] = {"status": "ACTIVE", "rolloutState": "FAILED", "failedTasks": 10}
REASON: Final = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/7."
BACK: Final = f"(service hoge) (deployment {NEW}) deployment failed: tasks failed to start."


@pytest.mark.parametrize(
    ("deployments", "events", "serves", "sentence"),
    [
        pytest.param(
            [deployment(42, 2, **DONE)],
            [],
            True,
            "hoge:42 serves: 2 of 2 tasks run, 2 targets are healthy",
            id="done",
        ),
        pytest.param(
            [
                deployment(42, 2, **{**BEFORE, "status": "PRIMARY", "rolloutStateReason": REASON}),
                deployment(42, 0, **FAILED),
            ],
            [],
            False,
            "ECS went back to hoge:42 (circuit breaker, 10 failures)",
            id="went back",
        ),
        pytest.param(
            [deployment(42, 2, **{**BEFORE, "status": "PRIMARY"})],
            [event(BACK, 5)],
            False,
            "ECS went back to hoge:42 (deployment failed: tasks failed to start)",
            id="went back, and only an event is left",
        ),
        pytest.param(
            [deployment(42, 2, **{**BEFORE, "status": "PRIMARY"})],
            [event(BACK.replace("42", "6"), 5)],
            False,
            f"hoge:42 is deployed, and {NEW} never was",
            id="an earlier one went back",
        ),
        pytest.param(
            [
                deployment(42, 0, id="ecs-svc/43", createdAt=time(60)),
                deployment(42, 0, status="ACTIVE"),
            ],
            [],
            False,
            "somebody else started hoge:42 once more (UpdateService at 05:01:00 UTC, deployment "
            "ecs-svc/43)",
            id="once more",
        ),
    ],
)
def test_what_counts_is_the_deployment_that_is_meant(
    world: World,
    aws: Aws,
    deployments: list[dict[str, Any]],
    events: list[dict[str, Any]],
    serves: bool,  # noqa: FBT001 - a column of the table
    sentence: str,
) -> None:
    world.service = service(*deployments, events=events)
    verdict = verify(aws, expected=AGAIN)

    assert (verdict.serves, verdict.sentence) == (serves, sentence)


def test_the_service_deployment_before_it_says_nothing_of_it(world: World, aws: Aws) -> None:
    world.service = service(
        deployment(42, 0), deployment(42, 2, **BEFORE), currentServiceDeployment="not listed yet"
    )
    earlier = {"arn": rollout(42)["targetServiceRevision"]["arn"].replace("/42", "/7")}
    world.rollouts = [rollout(42, "SUCCESSFUL", targetServiceRevision=earlier)]
    verdict = verify(aws, 20, expected=AGAIN)

    assert not verdict.is_decided
    assert verdict.sentence.startswith("hoge:42 is still being deployed: 0 of 2 tasks run")


@pytest.mark.parametrize(
    ("before", "serves", "sentence"),
    [
        pytest.param(
            {},
            True,
            "hoge:42 serves: 2 of 2 tasks run, 2 targets are healthy; the last new deployment of "
            "it failed (circuit breaker, 10/10 failures)",
            id="it was started again",
        ),
        pytest.param(
            {
                "createdAt": time(-9000),
                "containerImages": [{"containerName": "app", "image": "hoge", "imageDigest": "1"}],
                "resolvedConfiguration": {"loadBalancers": [{"targetGroupArn": "two"}]},
            },
            True,
            "hoge:42 serves: 2 of 2 tasks run, 2 targets are healthy; the last new deployment of "
            "it failed (circuit breaker, 10/10 failures)",
            id="again, and ECS found other things",
        ),
        pytest.param(
            {"platformVersion": "1.3.0"},
            False,
            "ECS went back to hoge:42 (circuit breaker, 10/10 failures)",
            id="the stack changed its settings",
        ),
        pytest.param(
            {"serviceRevisionArn": "cannot be read"},
            False,
            "ECS went back to hoge:42 (circuit breaker, 10/10 failures)",
            id="nobody knows what was before",
        ),
    ],
)
def test_what_is_there_after_it_went_back_is_what_was_deployed_or_not(
    world: World,
    aws: Aws,
    before: dict[str, Any],
    serves: bool,  # noqa: FBT001 - a column of the table
    sentence: str,
) -> None:
    """Nobody means one deployment of these: a later deploy of the stack looks at the service."""
    target = rollout(42)["targetServiceRevision"]["arn"]
    tripped = {"status": "TRIGGERED", "failureCount": 10, "threshold": 10}
    world.service = service(deployment(42, 2, **{**BEFORE, "status": "PRIMARY"}))
    world.settings = {"7": {"taskDefinition": revision_arn(42), **before}}
    world.rollouts = [
        rollout(
            42,
            "ROLLBACK_SUCCESSFUL",
            rollback={"serviceRevisionArn": target.replace("/42", "/7")},
            deploymentCircuitBreaker=tripped,
        )
    ]
    verdict = verify(aws)

    assert (verdict.serves, verdict.sentence) == (serves, sentence)


def test_both_are_shown_apart(world: World, aws: Aws) -> None:
    world.service = service(deployment(42, 1), deployment(42, 2, **BEFORE))
    seen = ServiceWatcher(aws, "Hoge", SERVICE, revision_arn(42), deployment_id=NEW).look()

    assert seen.new is not None
    assert (seen.new.revision, seen.new.running) == ("hoge:42", 1)
    assert [(one.revision, one.running) for one in seen.old] == [("hoge:42", 2)]
