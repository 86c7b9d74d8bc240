"""What is said of the tasks of a service. Expected numbers are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.review.impact.gathering import consequences
from ecs_blocks.review.live import Live, RunningService
from tests.review.impact.stage import (
    balanced,
    container,
    details,
    group,
    lines,
    rolling,
    stack,
    subject,
    target,
    task,
    web,
)

NEW = task(container(Image="repo/hoge:1.8.3"))
BREAKER = {"Enable": True, "Rollback": True}
IMAGE = "image 1.8.2 → 1.8.3"
STOP = "old tasks have 30 s to stop"


def shifted(strategy: str, **more: Any) -> dict[str, Any]:
    return {"DeploymentConfiguration": {"Strategy": strategy, "BakeTimeInMinutes": 10, **more}}


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        (web(2), "calm rollout: Web: rolling, 2→2 tasks, peak 4, no downtime expected"),
        (web(1), "calm rollout: Web: rolling, 1→1 task, peak 2, no downtime expected"),
        # 3 of 50 % = 1.5, up: 2; 3 of 150 % = 4.5, down: 4
        (
            web(3, **rolling(50, 150)),
            "calm rollout: Web: rolling, 3→3 tasks, peak 4, no downtime expected, but only 2 of 3 "
            "tasks may serve",
        ),
        (
            web(1, **rolling(0, 100)),
            "approval downtime: Web: rolling, 1→1 task, peak 1, downtime: the old task stops "
            "before the new one starts (minimum 0 %)",
        ),
        (
            web(4, **rolling(0, 100)),
            "approval downtime: Web: rolling, 4→4 tasks, peak 4, downtime: the old tasks stop "
            "before the new ones start (minimum 0 %)",
        ),
        (
            web(2, **rolling(0, 200)),
            "approval downtime: Web: rolling, 2→2 tasks, peak 4, downtime possible: old tasks may "
            "all stop before new ones are healthy (minimum 0 %)",
        ),
        # 1 of 150 % = 1.5, down: 1; none may stop
        (
            web(1, **rolling(100, 150)),
            "approval downtime: Web: rolling, 1→1 task, peak 1, it cannot roll: of 1 task none may "
            "stop (minimum 100 %), and none more may start (maximum 150 %)",
        ),
        # 2 of 50 % = 1 stays, so one may stop first
        (
            web(2, **rolling(50, 100)),
            "calm rollout: Web: rolling, 2→2 tasks, peak 2, no downtime expected, but only 1 of 2 "
            "tasks may serve",
        ),
        (web(0), "calm rollout: Web: rolling, 0→0 tasks, nothing runs, so nothing is interrupted"),
        (
            web(None),
            "calm rollout: Web: rolling, as many tasks as run now, peak 200 % of them, no downtime "
            "expected",
        ),
        (
            web(2, **shifted("BLUE_GREEN")),
            "calm rollout: Web: blue/green, 2→2 tasks, peak 4, no downtime expected",
        ),
        (
            web(2, **shifted("CANARY")),
            "calm rollout: Web: canary, 2→2 tasks, peak 4, no downtime expected",
        ),
        (
            web(3, **shifted("LINEAR")),
            "calm rollout: Web: linear, 3→3 tasks, peak 6, no downtime expected",
        ),
        (
            web(None, SchedulingStrategy="DAEMON"),
            "notice rollout: Web: daemon, one task on every instance, each instance is without it "
            "for a moment",
        ),
        (
            web(2, DeploymentController={"Type": "CODE_DEPLOY"}),
            "calm rollout: Web: CodeDeploy exchanges the tasks, 2→2 tasks, when it is told to",
        ),
        (
            web(2, **rolling({"Ref": "Percent"}, 200)),  # type: ignore[arg-type]  # not known yet
            "notice rollout: Web: rolling, 2→2 tasks, how many stay is not known yet",
        ),
    ],
)
def test_how_it_rolls(service: dict[str, Any], expected: str) -> None:
    [line] = lines(stack(service), stack(service, NEW))

    assert line == f"{expected}; {IMAGE}; {STOP}"


def test_a_scaled_service_runs_as_many_as_there_are() -> None:
    before = stack(web(None), None, Target=target(2, 6))
    after = stack(web(None), NEW, Target=target(2, 6))

    assert lines(before, after) == [
        "calm rollout: Web: rolling, as many tasks as run now (2 to 6), peak 4 to 12, no downtime "
        f"expected; {IMAGE}; {STOP}"
    ]


def test_a_minimum_that_is_the_maximum_is_a_number() -> None:
    before = stack(web(None), None, Target=target(2, 2))
    after = stack(web(None), NEW, Target=target(2, 2))

    assert "rolling, 2→2 tasks, peak 4," in lines(before, after)[0]


@pytest.mark.parametrize(
    ("before", "after", "running", "expected"),
    [
        # CloudFormation updates the scalable target when the service has rolled
        (target(3, 3), target(1, 1), None, "rolling, 3 tasks, peak 6, no downtime expected"),
        (target(1, 1), target(3, 3), None, "rolling, 1 task, peak 2, no downtime expected"),
        (target(2, 2), target(2, 9), None, "rolling, 2 tasks, peak 4, no downtime expected"),
        (
            target(2, 50),
            target(2, 10),
            None,
            "rolling, as many tasks as run now (2 to 50), peak 4 to 100, no downtime expected",
        ),
        # what may stand still is not said to do so
        (
            target(0, 20),
            target(0, 40),
            None,
            "rolling, as many tasks as run now (0 to 20), peak 0 to 40, no downtime expected",
        ),
        # none may run, or fifty
        (
            target(0, 50),
            target(0, 50),
            None,
            "rolling, as many tasks as run now (0 to 50), peak 0 to 100, no downtime expected",
        ),
        (target(2, 50), target(2, 10), 37, "rolling, 37 tasks, peak 74, no downtime expected"),
        (target(1, 1), target(1, 1), 4, "rolling, 4 tasks, peak 8, no downtime expected"),
        (target(1, 1), target(1, 1), 1, "rolling, 1→1 task, peak 2, no downtime expected"),
    ],
)
def test_it_rolls_with_the_tasks_there_are_before_other_bounds_count(
    before: dict[str, Any], after: dict[str, Any], running: int | None, expected: str
) -> None:
    """As many as the account says, where it was asked."""
    service = RunningService(wanted=running or 0, running=running or 0, task_definition="web:1")
    found = consequences(
        subject(
            stack(web(None), None, Target=before),
            stack(web(None), NEW, Target=after),
            live=Live(services={"Web": service}) if running else None,
        )
    )
    [rollout] = [one for one in found if one.kind == "rollout"]

    assert rollout.text == f"Web: {expected}; {IMAGE}; {STOP}"


def test_what_the_template_says_counts_more_than_what_runs() -> None:
    """It is sent with the new revision; so nothing rolls with as many as run now."""
    live = Live(services={"Web": RunningService(wanted=9, running=9, task_definition="web:1")})
    [rollout] = [
        one
        for one in consequences(subject(stack(web(2)), stack(web(3), NEW), live=live))
        if one.kind == "rollout"
    ]

    assert rollout.text.startswith("Web: rolling, 2→3 tasks, peak 6,")


def test_old_tasks_drain_as_long_as_the_target_group_says() -> None:
    before = stack(web(**balanced()), None, Group=group(60))
    after = stack(web(**balanced()), NEW, Group=group(60))

    assert lines(before, after)[0].endswith(f"{IMAGE}; old tasks drain 60 s")


def test_old_tasks_have_the_time_that_their_own_revision_says() -> None:
    before = stack(web(), task(container(StopTimeout=120)))
    after = stack(web(), task(container(StopTimeout=10, Image="repo/hoge:1.8.3")))

    assert "old tasks have 120 s to stop" in lines(before, after)[0]


@pytest.mark.parametrize(
    ("new", "seconds"),
    [
        ({"Group": group(5)}, 5),  # it stays, and takes the new delay first
        ({"Group": group(5, Name="b")}, 60),  # a new one is made: the old one keeps its delay
        ({"Other": group(5)}, 60),
    ],
)
def test_old_tasks_drain_as_long_as_the_group_says_that_they_are_in(
    new: dict[str, Any], seconds: int
) -> None:
    [name] = new
    before = stack(web(**balanced()), Group=group(60, Name="a"))
    after = stack(web(**balanced(name)), task(container(Image="repo/hoge:1.8.3")), **new)
    if seconds == 5:
        before["Group"] = group(60)

    [told] = [line for line in lines(before, after) if " rollout: Web: " in line]
    assert f"old tasks drain {seconds} s" in told


def test_without_a_word_they_drain_300_seconds() -> None:
    before = stack(web(**balanced()), None, Group=group())
    after = stack(web(**balanced()), NEW, Group=group())

    assert lines(before, after)[0].endswith("old tasks drain 300 s")


def test_a_service_is_stopped() -> None:
    before = stack(web(None), None, Target=target(2, 2))
    after = stack(web(None), None, Target=target(0, 0))

    assert lines(before, after, "downtime", "rollout", "scaling") == [
        "approval downtime: Web: all its tasks are stopped (2 tasks → 0)"
    ]


def test_a_new_service_starts() -> None:
    assert "notice addition: Web: a new service, 2 tasks start" in lines({}, stack(web(2)))


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"PlatformVersion": "1.4.0"}, "the platform version changes"),
        (
            {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["a"]}}},
            "the network changes",
        ),
        ({"ForceNewDeployment": {"EnableForceNewDeployment": True}}, "a new deployment is forced"),
        ({"ServiceConnectConfiguration": {"Enabled": True}}, "Service Connect changes"),
    ],
)
def test_what_starts_a_deployment(properties: dict[str, Any], words: str) -> None:
    [line] = lines(stack(web()), stack(web(**properties)))

    assert line == (
        f"notice rollout: Web: rolling, 2→2 tasks, peak 4, no downtime expected; {words}; {STOP}"
    )


@pytest.mark.parametrize(
    "properties",
    [
        {"HealthCheckGracePeriodSeconds": 30},
        {"PropagateTags": "SERVICE"},
        {"EnableECSManagedTags": True},
        {"PlacementStrategies": [{"Type": "random"}]},
    ],
)
def test_what_starts_none(properties: dict[str, Any]) -> None:
    assert lines(stack(web()), stack(web(**properties)), "rollout", "downtime") == []


@pytest.mark.parametrize(
    ("service", "definition", "expected"),
    [
        (
            web(2, **shifted("CANARY", CanaryConfiguration={"CanaryPercent": 20})),
            NEW,
            "20 % of the traffic for 10 min, then all of it; the old tasks stay 10 min more, for a "
            "quick way back",
        ),
        (
            web(2, **shifted("LINEAR", LinearConfiguration={"StepPercent": 25})),
            NEW,
            "25 % of the traffic every 6 min; the old tasks stay 10 min more, for a quick way back",
        ),
        (
            web(2, **shifted("BLUE_GREEN")),
            NEW,
            "all the traffic at once; the old tasks stay 10 min more, for a quick way back",
        ),
        # half of 2 tasks is 1, but at least 3
        (
            web(
                2, **rolling(100, 200, DeploymentCircuitBreaker={"Enable": True, "Rollback": True})
            ),
            NEW,
            "after 3 failed tasks the circuit breaker goes back to the old tasks",
        ),
        # half of 20
        (
            web(20, **rolling(100, 200, DeploymentCircuitBreaker={"Enable": True})),
            NEW,
            "after 10 failed tasks the circuit breaker stops, and does not go back by itself",
        ),
        (
            web(
                20,
                **rolling(
                    100,
                    200,
                    DeploymentCircuitBreaker={
                        "Enable": True,
                        "Rollback": True,
                        "ThresholdConfiguration": {"Type": "COUNT", "Value": 5},
                    },
                ),
            ),
            NEW,
            "after 5 failed tasks the circuit breaker goes back to the old tasks",
        ),
        (
            web(2),
            NEW,
            "no circuit breaker: tasks that fail to start are tried again for hours",
        ),
        (
            web(
                2,
                **rolling(100, 200, Alarms={"AlarmNames": ["a"], "Enable": True, "Rollback": True}),
            ),
            NEW,
            "it goes back when an alarm rings meanwhile: a",
        ),
        (
            web(2, HealthCheckGracePeriodSeconds=60),
            NEW,
            "health checks of the load balancer are ignored for 60 s after a start",
        ),
        (
            web(1),
            NEW,
            "one task alone serves: if it fails, nothing does until the next one is healthy",
        ),
        (
            web(2),
            task(container(Image="x:2", MemoryReservation=512)),
            "the instances need room for 2 more tasks (512 MiB each) while it rolls",
        ),
        (
            web(2),
            task(container(Image="x:2", PortMappings=[{"ContainerPort": 80, "HostPort": 80}])),
            "host port 80 is fixed: a new task only starts on an instance where no old one runs",
        ),
    ],
)
def test_details(service: dict[str, Any], definition: dict[str, Any], expected: str) -> None:
    assert expected in details(stack(service), stack(service, definition))


@pytest.mark.parametrize(
    ("service", "definition", "absent"),
    [
        (web(2), NEW, "one task alone"),
        (web(2), NEW, "host port"),
        # the instance gives a free port
        (
            web(2),
            task(container(Image="x:2", PortMappings=[{"ContainerPort": 80, "HostPort": 0}])),
            "host port",
        ),
        (web(2, LaunchType="FARGATE"), NEW, "the instances need room"),
        (
            web(2, **rolling(100, 200, DeploymentCircuitBreaker={"Enable": True})),
            NEW,
            "no circuit breaker",
        ),
        (web(2, **shifted("BLUE_GREEN")), NEW, "circuit breaker"),
    ],
)
def test_what_is_not_said(service: dict[str, Any], definition: dict[str, Any], absent: str) -> None:
    assert [
        one for one in details(stack(service), stack(service, definition)) if absent in one
    ] == []


def test_a_job_has_a_new_revision_and_nothing_rolls() -> None:
    [line] = lines({"Task": task()}, {"Task": NEW})

    assert line == (
        "calm rollout: Task: a new revision of the task definition; image 1.8.2 → 1.8.3; what "
        "starts from now on runs it"
    )


def test_nothing_is_said_where_nothing_changes() -> None:
    assert lines(stack(web()), stack(web())) == []


def pausing(*hooks: dict[str, Any], strategy: str = "BLUE_GREEN") -> dict[str, Any]:
    return shifted(strategy, LifecycleHooks=list(hooks))


def pause(*stages: str, **timeout: Any) -> dict[str, Any]:
    given = {"TimeoutConfiguration": timeout} if timeout else {}
    return {"TargetType": "PAUSE", "LifecycleStages": list(stages), **given}


TESTED = "POST_TEST_TRAFFIC_SHIFT"
COMMAND = "for ecs-blocks continue hoge --env prod"
FUNCTION = {"TargetType": "AWS_LAMBDA", "LifecycleStages": [TESTED], "HookTargetArn": "arn"}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (
            pausing(pause(TESTED, TimeoutInMinutes=60, Action="ROLLBACK")),
            [f"it waits at {TESTED} {COMMAND}, up to 60 min; without an answer it rolls back"],
        ),
        (
            pausing(pause(TESTED, TimeoutInMinutes="30", Action="CONTINUE")),
            [f"it waits at {TESTED} {COMMAND}, up to 30 min; without an answer it goes on"],
        ),
        # ECS's own defaults: 24 hours, then back
        (
            pausing(pause("POST_SCALE_UP", TESTED)),
            [
                f"it waits at POST_SCALE_UP and {TESTED} {COMMAND}, up to 1,440 min; without an "
                "answer it rolls back"
            ],
        ),
        (
            pausing(pause("RECONCILE_SERVICE"), strategy="CANARY"),
            [
                "it waits at RECONCILE_SERVICE (only with another deployment under way) "
                f"{COMMAND}, up to 1,440 min; without an answer it rolls back"
            ],
        ),
        (
            pausing(pause(TESTED, TimeoutInMinutes={"Fn::GetAtt": ["A", "B"]})),
            [
                f"it waits at {TESTED} {COMMAND}, up to a time that is not known yet; without an "
                "answer it rolls back"
            ],
        ),
        (
            pausing({**pause(TESTED), "TimeoutConfiguration": {"Fn::GetAtt": ["A", "B"]}}),
            [f"it waits at {TESTED} {COMMAND}"],
        ),
        (pausing(FUNCTION), []),
        (pausing(pause(TESTED), strategy="ROLLING"), []),
        (shifted("BLUE_GREEN", LifecycleHooks={"Fn::GetAtt": ["A", "B"]}), []),
    ],
)
def test_where_it_waits_for_a_person(properties: dict[str, Any], expected: list[str]) -> None:
    service = web(2, **properties)
    said = details(stack(service), stack(service, NEW))

    assert [one for one in said if one.startswith("it waits")] == expected
