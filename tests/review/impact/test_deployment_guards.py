"""What stops a bad deployment: what is taken away, what is only left out, and what comes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import details, lines, stack, target, task, web
from tests.review.stacks import body

ASK = {
    "TargetType": "AWS_LAMBDA",
    "HookTargetArn": "arn:of:buy-an-item",
    "LifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
}
PAUSE = {"TargetType": "PAUSE", "LifecycleStages": ["POST_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT"]}
BREAKER = {"Enable": True, "Rollback": True}
ASKED = "arn:of:buy-an-item at POST_TEST_TRAFFIC_SHIFT"
PAUSED = "a pause at POST_SCALE_UP and POST_TEST_TRAFFIC_SHIFT"
KEEPS = "the template says none any more, and ECS keeps what it is not told;"


def service(**configuration: Any) -> dict[str, Any]:
    return {"It": body("ECS::Service", DeploymentConfiguration=configuration)}


def hooks(*given: dict[str, Any]) -> dict[str, Any]:
    return service(Strategy="BLUE_GREEN", LifecycleHooks=list(given))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (hooks(ASK), hooks(), f"approval exposure: It: a deployment no longer stops for {ASKED}"),
        (
            hooks(ASK, PAUSE),
            hooks(ASK),
            f"approval exposure: It: a deployment no longer stops for {PAUSED}",
        ),
        (hooks(), hooks(PAUSE), f"notice configuration: It: a deployment stops for {PAUSED}"),
        (
            service(Strategy="BLUE_GREEN"),
            hooks(ASK),
            f"notice configuration: It: a deployment stops for {ASKED}",
        ),
    ],
)
def test_hooks_that_come_and_go(before: Any, after: Any, words: str) -> None:
    assert lines(before, after) == [words]


def test_another_hook_in_the_place_of_one() -> None:
    assert details(hooks(PAUSE), hooks(ASK)) == [f"instead it stops for {ASKED}"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            hooks(ASK),
            service(Strategy="BLUE_GREEN"),
            f"its lifecycle hooks: {KEEPS} LifecycleHooks: [] takes them away",
        ),
        (
            service(Alarms={"Enable": True, "AlarmNames": ["a"]}),
            service(),
            f"its deployment alarms: {KEEPS} Alarms with Enable: false switches them off",
        ),
        (
            service(DeploymentCircuitBreaker=BREAKER),
            {"It": body("ECS::Service")},
            f"its circuit breaker: {KEEPS} one with Enable: false switches it off",
        ),
    ],
)
def test_what_is_left_out_is_kept(before: Any, after: Any, words: str) -> None:
    """Trap 9: leaving out is not switching off."""
    assert lines(before, after) == [f"notice configuration: It: it keeps {words}"]


def test_what_was_off_and_is_left_out_is_nothing_to_keep() -> None:
    before = service(DeploymentCircuitBreaker={"Enable": False}, LifecycleHooks=[])

    assert not [one for one in lines(before, service()) if "keeps" in one]


def test_a_rollout_is_told_with_the_circuit_breaker_that_is_kept() -> None:
    before = stack(web(DeploymentConfiguration={"DeploymentCircuitBreaker": BREAKER}))
    after = stack(web(), task(Cpu="512"), Target=target(2, 2))

    assert "after 3 failed tasks the circuit breaker goes back to the old tasks" in details(
        before, after
    )


def test_a_rollout_still_waits_at_a_pause_that_is_kept() -> None:
    shift = {"Strategy": "BLUE_GREEN"}
    before = stack(web(DeploymentConfiguration={**shift, "LifecycleHooks": [PAUSE]}))
    after = stack(web(DeploymentConfiguration=shift), task(Cpu="512"))

    assert [one for one in details(before, after) if one.startswith("it waits at POST_SCALE_UP")]


def test_hooks_stay_with_the_strategy_that_is_left_out() -> None:
    """One sentence: the deploy is refused."""
    assert [one.split(";")[0] for one in lines(hooks(ASK), service())] == [
        "approval blocked: It: the deploy is refused: it is deployed by BLUE_GREEN, and the "
        "template says no strategy any more: ECS keeps the old one, without the second target "
        "group that it needs"
    ]
