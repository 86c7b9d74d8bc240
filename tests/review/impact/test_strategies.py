"""How a service is deployed from now on, in words: strategy, steps, thresholds, times."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.impact.stage import (
    container,
    details,
    group,
    lines,
    rolling,
    stack,
    target,
    task,
    web,
)
from tests.review.stacks import body

GREEN = {"Strategy": "BLUE_GREEN", "BakeTimeInMinutes": 10}
CANARY = {"CanaryPercent": 5, "CanaryBakeTimeInMinutes": 20}
LINEAR = {"StepPercent": 20, "StepBakeTimeInMinutes": 5}
WAY_BACK = "the old tasks stay 10 min more, for a quick way back"
AT_ONCE = f"all the traffic at once; {WAY_BACK}"
MOVES = "a second target group, and ECS moves the requests between the two"


def service(**configuration: Any) -> dict[str, Any]:
    return {"Web": body("ECS::Service", DeploymentConfiguration=configuration)}


def canary(**steps: Any) -> dict[str, Any]:
    return service(**{**GREEN, "Strategy": "CANARY"}, CanaryConfiguration={**CANARY, **steps})


def linear(**steps: Any) -> dict[str, Any]:
    return service(**{**GREEN, "Strategy": "LINEAR"}, LinearConfiguration={**LINEAR, **steps})


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            service(**GREEN),
            canary(),
            "deployed by canary instead of blue/green: 5 % of the traffic for 20 min, then all of "
            f"it; {WAY_BACK}",
        ),
        (
            canary(),
            linear(),
            f"deployed by linear instead of canary: 20 % of the traffic every 5 min; {WAY_BACK}",
        ),
        (
            service(**GREEN),
            service(Strategy="LINEAR", LinearConfiguration=LINEAR),
            "deployed by linear instead of blue/green: 20 % of the traffic every 5 min; the old "
            "tasks go at once, and no quick way back is left",
        ),
        (
            service(),
            service(**GREEN),
            f"deployed by blue/green instead of rolling: {AT_ONCE}",
        ),
        (
            linear(),
            service(Strategy="ROLLING"),
            "deployed by rolling instead of linear: new tasks take the place of old ones; no old "
            "tasks stay, for a quick way back",
        ),
    ],
)
def test_another_strategy_is_one_sentence(
    before: dict[str, Any], after: dict[str, Any], words: str
) -> None:
    assert lines(before, after) == [f"notice configuration: Web: from now on {words}"]


def test_a_strategy_that_is_left_out_is_refused_and_no_change() -> None:
    assert [one for one in lines(service(**GREEN), service()) if "from now on" in one] == []


def test_of_another_controller_nothing_is_said() -> None:
    own = {"Web": body("ECS::Service", DeploymentController={"Type": "CODE_DEPLOY"})}

    assert not [one for one in lines(own, service(**GREEN)) if "from now on" in one]
    assert lines(service(Strategy={"Ref": "Which"}), service(Strategy="CANARY")) == [
        "notice configuration: Web: DeploymentConfiguration.Strategy Which → CANARY"
    ]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            canary(),
            canary(CanaryPercent=50, CanaryBakeTimeInMinutes=2),
            "the first share of the traffic 5 → 50 %; how long that share is alone 20 → 2 min",
        ),
        (
            service(**GREEN),
            service(**{**GREEN, "BakeTimeInMinutes": 0}),
            "how long the old tasks stay, for a quick way back 10 → 0 min",
        ),
        (
            linear(),
            service(**{**GREEN, "Strategy": "LINEAR"}),
            "the traffic that moves in each step 20 → 10 %; how long a step lasts 5 → 6 min",
        ),
    ],
)
def test_another_pace(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    assert lines(before, after) == [f"notice configuration: Web: {words}"]


def traffic(config: dict[str, Any], *groups: str) -> dict[str, Any]:
    """A service behind a rule that feeds these target groups."""
    arns = [{"TargetGroupArn": {"Ref": one}, "Weight": n} for n, one in enumerate(groups)]
    forward = {"ForwardConfig": {"TargetGroups": arns}} if len(groups) > 1 else arns[0]
    registered: dict[str, Any] = {"ContainerName": "app", "TargetGroupArn": {"Ref": groups[0]}}
    if len(groups) > 1:
        registered["AdvancedConfiguration"] = {
            "AlternateTargetGroupArn": {"Ref": groups[1]},
            "ProductionListenerRule": {"Ref": "Rule"},
            "RoleArn": "arn:role",
        }
    action = {"Type": "forward", **{k: v for k, v in forward.items() if k != "Weight"}}
    return stack(
        web(4, LoadBalancers=[registered], DeploymentConfiguration=config),
        None,
        Rule=body(
            "ElasticLoadBalancingV2::ListenerRule", ListenerArn="l", Priority=1, Actions=[action]
        ),
        **{one: group(Port=80) for one in groups},
    )


def test_to_blue_green_and_back_shows_no_json() -> None:
    sides = traffic({"Strategy": "ROLLING"}, "Blue"), traffic(GREEN, "Blue", "Green")
    there, back = lines(*sides), lines(*reversed(sides))

    assert (
        "notice configuration: Web: from now on deployed by blue/green instead of rolling: "
        f"Rule gets {MOVES}" in there
    )
    assert (
        "notice configuration: Web: from now on deployed by rolling instead of blue/green: no old "
        "tasks stay, for a quick way back; Rule has one target group again" in back
    )
    assert "{" not in "".join([*there, *back])
    assert "notice deletion: Green: the target group is deleted; Blue stays, as before" in back


def test_of_a_service_that_rolls_the_pace_is_told_once() -> None:
    sides = (
        stack(web(DeploymentConfiguration=GREEN)),
        stack(
            web(
                DeploymentConfiguration={
                    **GREEN,
                    "Strategy": "CANARY",
                    "CanaryConfiguration": CANARY,
                }
            ),
            NEW,
        ),
    )

    assert (
        "notice configuration: Web: from now on deployed by canary instead of blue/green"
        in lines(*sides)
    )
    assert f"5 % of the traffic for 20 min, then all of it; {WAY_BACK}" in details(*sides)


def breaker(kind: str | None = None, value: Any = None, **more: Any) -> dict[str, Any]:
    threshold = {"ThresholdConfiguration": {"Type": kind, "Value": value}} if kind else {}
    return {"DeploymentCircuitBreaker": {"Enable": True, "Rollback": True, **threshold, **more}}


ENDS = "exposure: Web: the circuit breaker ends a deployment after"
LONGER = "a deployment that fails goes on for longer"
SOONER = "a deployment that fails ends sooner"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            breaker("COUNT", 10),
            breaker("COUNT", 100),
            f"approval {ENDS} 100 failed tasks instead of 10: {LONGER}",
        ),
        (
            breaker("COUNT", 10),
            breaker("COUNT", "3"),
            f"calm {ENDS} 3 failed tasks instead of 10: {SOONER}",
        ),
        (
            breaker(),
            breaker("UNBOUNDED_PERCENT", 300),
            f"approval {ENDS} 300 % of its tasks instead of 50 % of its tasks (3 to 200 of them): "
            f"{LONGER}",
        ),
        (
            breaker("COUNT", 10),
            breaker("COUNT", {"Ref": "Later"}),
            f"notice {ENDS} a number of failed tasks that is not known yet instead of 10",
        ),
        # what is the default
        (
            breaker(),
            breaker("BOUNDED_PERCENT", 50),
            "calm configuration: Web: only the default of ThresholdConfiguration is written out",
        ),
        (
            breaker("BOUNDED_PERCENT", "50"),
            breaker(),
            "calm configuration: Web: only the default of ThresholdConfiguration is left out",
        ),
        (
            breaker(),
            breaker(ResetOnHealthyTask=True),
            "calm configuration: Web: only the default of ResetOnHealthyTask is written out",
        ),
        (
            breaker("COUNT", 10, ResetOnHealthyTask=False),
            breaker("COUNT", 10),
            "approval exposure: Web: a task that gets healthy starts the circuit breaker's count "
            "anew",
        ),
        (
            breaker("COUNT", 10),
            breaker("COUNT", 10, ResetOnHealthyTask=False),
            "calm exposure: Web: failed tasks add up to the circuit breaker, though others get "
            "healthy",
        ),
    ],
)
def test_the_threshold_of_the_circuit_breaker(
    before: dict[str, Any], after: dict[str, Any], expected: str
) -> None:
    old, new = (service(Strategy="CANARY", **one) for one in (before, after))

    assert lines(old, new) == [expected]


def test_a_share_counts_at_the_most_tasks_too() -> None:
    """Of 2 tasks a bounded share is 3 either way; of 40 it is not."""
    sides = [
        stack(
            web(None, **rolling(100, 200, **breaker("BOUNDED_PERCENT", one))), Target=target(2, 40)
        )
        for one in (50, 60)
    ]

    assert lines(sides[0], sides[1], "exposure") == [
        f"approval {ENDS} 60 % of its tasks (3 to 200 of them) instead of 50 % of its tasks (3 to "
        f"200 of them): {LONGER}"
    ]


def test_another_way_to_count_the_same() -> None:
    """Half of 2 tasks are 3 at least."""
    sides = [stack(web(2, **rolling(100, 200, **one))) for one in (breaker(), breaker("COUNT", 3))]

    assert lines(sides[0], sides[1], "exposure") == [
        f"calm {ENDS} 3 failed tasks instead of 50 % of its tasks (3 to 200 of them), the same"
    ]


@pytest.mark.parametrize(
    ("seconds", "protocol", "words"),
    [
        ((60, 5), "HTTP", "60 → 5 s: requests longer than that are cut when an old task goes"),
        (
            (None, 30),
            "TCP",
            "300 → 30 s: connections longer than that are cut when an old task goes",
        ),
        (
            (60, 90),
            "HTTP",
            "60 → 90 s: an old task waits so long for its requests, and so does a deployment",
        ),
    ],
)
def test_another_deregistration_delay(
    seconds: tuple[int | None, int], protocol: str, words: str
) -> None:
    old, new = ({"Group": group(one, Protocol=protocol)} for one in seconds)

    assert lines(old, new) == [f"notice configuration: Group: deregistration delay {words}"]


DEFINITION = task(container(StopTimeout=20))
NEW = task(container(Image="repo/hoge:1.8.3", StopTimeout=20))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"HealthCheckGracePeriodSeconds": 40},
            "about 60 s without tasks: 20 s to stop and 40 s to start (the grace period of its "
            "health check)",
        ),
        ({}, "without tasks for as long as the old ones take to stop and the new ones to start"),
    ],
)
def test_about_how_long_nothing_serves(more: dict[str, Any], words: str) -> None:
    sides = [stack(web(2, **rolling(0, 100), **more), one) for one in (DEFINITION, NEW)]

    assert words in details(*sides)
    kept = [stack(web(2, **rolling(50, 100), **more), one) for one in (DEFINITION, NEW)]
    assert not [one for one in details(*kept) if "without tasks" in one]
