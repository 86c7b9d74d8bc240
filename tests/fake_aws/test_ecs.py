"""A service of a stack deploys as in AWS: tasks come and go, the circuit breaker goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fake_aws import FakeAws
from tests.fake_aws.examples import NAME, SERVICE, client, parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fake_aws.ecs.model import Service


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as fake:
        fake.deployed(NAME, SERVICE, {"Image": "hoge:1"})
        yield fake


def service(fake: FakeAws) -> Service:
    return fake.ecs.find(fake.stack(NAME).resources["Service"].physical_id)


def update(fake: FakeAws, image: str = "hoge:2", seconds: float = 600) -> None:
    client(fake).update_stack(
        StackName=NAME, UsePreviousTemplate=True, Parameters=parameters(Image=image)
    )
    fake.clock.sleep(seconds)


def images(fake: FakeAws) -> list[str]:
    """Of the tasks that run."""
    running = [one for one in service(fake).tasks if one.status == "RUNNING"]
    return [one.containers[0]["image"] for one in running]


def reason(fake: FakeAws, logical_id: str = "Service") -> str:
    """Why a resource failed."""
    failed = [x for x in fake.stack(NAME).events if x.is_failure and x.logical_id == logical_id]
    return failed[0].reason


def deployments(fake: FakeAws) -> list[dict[str, Any]]:
    """What DescribeServiceDeployments says, newest first."""
    ecs, found = fake.aws().client("ecs"), service(fake)
    rows = ecs.list_service_deployments(service=found.arn)["serviceDeployments"]
    arns = [one["serviceDeploymentArn"] for one in rows]
    by_arn = {
        one["serviceDeploymentArn"]: one
        for one in ecs.describe_service_deployments(serviceDeploymentArns=arns)[
            "serviceDeployments"
        ]
    }
    return [by_arn[one] for one in arns]


def test_a_stack_makes_a_service_whose_tasks_run(fake: FakeAws) -> None:
    ecs, found = fake.aws().client("ecs"), service(fake)
    shown = ecs.describe_services(services=[found.arn])["services"][0]
    health = (
        fake.aws().client("elbv2").describe_target_health(TargetGroupArn=found.target_groups[0])
    )

    assert (shown["desiredCount"], shown["runningCount"], shown["pendingCount"]) == (2, 2, 0)
    assert [one["rolloutState"] for one in shown["deployments"]] == ["COMPLETED"]
    assert shown["deployments"][0]["taskDefinition"].endswith(":task-definition/hoge:1")
    assert [one["TargetHealth"]["State"] for one in health["TargetHealthDescriptions"]] == [
        "healthy",
        "healthy",
    ]


def test_an_update_replaces_the_tasks(fake: FakeAws) -> None:
    update(fake)

    assert fake.stack(NAME).status == "UPDATE_COMPLETE"
    assert images(fake) == ["hoge:2", "hoge:2"]
    assert [one["status"] for one in deployments(fake)] == ["SUCCESSFUL", "SUCCESSFUL"]
    assert deployments(fake)[0]["deploymentCircuitBreaker"] == {
        "status": "MONITORING_COMPLETE",
        "failureCount": 0,
        "threshold": 3,
    }


def test_old_and_new_tasks_are_counted_while_they_change_places(fake: FakeAws) -> None:
    update(fake, seconds=7)
    now = deployments(fake)[0]

    assert now["status"] == "IN_PROGRESS"
    assert [now["targetServiceRevision"][f"{one}TaskCount"] for one in ("pending", "running")] == [
        2,
        0,
    ]
    assert [one["runningTaskCount"] for one in now["sourceServiceRevisions"]] == [2]


def test_tasks_that_fail_trip_the_circuit_breaker_and_the_stack_goes_back(fake: FakeAws) -> None:
    fake.script.tasks_fail(exit_code=1, logs=["KeyError: 'DATABASE_URL'"], after_s=6)
    update(fake)
    failed = [one for one in service(fake).tasks if one.failed]
    stream = f"app/app/{failed[0].id}"
    lines = fake.aws().client("logs").get_log_events(logGroupName="/ecs/hoge", logStreamName=stream)

    assert fake.stack(NAME).status == "UPDATE_ROLLBACK_COMPLETE"
    assert "ECS Deployment Circuit Breaker was triggered" in reason(fake)
    assert images(fake) == ["hoge:1", "hoge:1"]
    assert len(failed) >= 3
    assert [one["message"] for one in lines["events"]] == ["KeyError: 'DATABASE_URL'"]


def test_ecs_goes_back_by_itself_and_names_why(fake: FakeAws) -> None:
    fake.script.tasks_fail()
    before = service(fake).deployments[0].id
    update(fake, seconds=25)
    primary = next(one for one in service(fake).deployments if one.status == "PRIMARY")
    first = deployments(fake)[0]

    assert primary.id == before
    assert first["status"] == "ROLLBACK_IN_PROGRESS"
    assert first["deploymentCircuitBreaker"]["status"] == "TRIGGERED"
    assert "circuit breaker" in primary.rollout_reason


def test_a_forced_deployment_exchanges_the_tasks_and_nothing_else(fake: FakeAws) -> None:
    ecs, found = fake.aws().client("ecs"), service(fake)
    before = {one.id for one in found.tasks}
    shown = ecs.update_service(service=found.arn, forceNewDeployment=True)["service"]
    fake.clock.advance(60)
    living = [one for one in found.tasks if one.lives]

    assert [one["rolloutState"] for one in shown["deployments"]] == ["IN_PROGRESS", "COMPLETED"]
    assert len({one["taskDefinition"] for one in shown["deployments"]}) == 1
    assert (len(living), before & {one.id for one in living}) == (2, set())
    assert [one["status"] for one in deployments(fake)] == ["SUCCESSFUL", "SUCCESSFUL"]


def test_a_forced_deployment_may_fail_though_its_version_has_served(fake: FakeAws) -> None:
    found = service(fake)
    before = {one.id for one in found.tasks}
    fake.script.tasks_fail()
    fake.aws().client("ecs").update_service(service=found.arn, forceNewDeployment=True)
    fake.clock.advance(120)

    assert deployments(fake)[0]["status"] == "ROLLBACK_SUCCESSFUL"
    assert {one.id for one in found.tasks if one.lives} == before


def test_cloudformation_may_call_it_a_success_although_ecs_went_back(fake: FakeAws) -> None:
    fake.script.breaker_is_silent = True
    fake.script.tasks_fail()
    update(fake)

    assert fake.stack(NAME).status == "UPDATE_COMPLETE"
    assert images(fake) == ["hoge:1", "hoge:1"]
    assert deployments(fake)[0]["status"] == "ROLLBACK_SUCCESSFUL"


def test_tasks_that_do_not_start_say_why(fake: FakeAws) -> None:
    fake.script.tasks_do_not_start("CannotPullContainerError: not found")
    update(fake, seconds=15)
    ecs = fake.aws().client("ecs")
    stopped = ecs.list_tasks(serviceName=service(fake).name, desiredStatus="STOPPED")["taskArns"]
    task = ecs.describe_tasks(tasks=stopped)["tasks"][0]

    assert (task["stopCode"], task["stoppedReason"]) == (
        "TaskFailedToStart",
        "CannotPullContainerError: not found",
    )
    assert task["startedBy"] == service(fake).deployments[0].id
    assert "exitCode" not in task["containers"][0]


def test_unhealthy_tasks_are_stopped_by_the_scheduler(fake: FakeAws) -> None:
    fake.script.tasks_are_unhealthy(after_s=20)
    update(fake, seconds=15)
    group = service(fake).target_groups[0]
    elb = fake.aws().client("elbv2")
    states = [
        (one["TargetHealth"]["State"], one["TargetHealth"].get("Reason"))
        for one in elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    ]
    fake.clock.sleep(60)
    failed = next(one for one in service(fake).tasks if one.failed)

    assert states.count(("unhealthy", "Target.ResponseCodeMismatch")) == 2
    assert failed.stop_code == "ServiceSchedulerInitiated"
    assert failed.stopped_reason == f"Task failed ELB health checks in (target-group {group})"


def test_tasks_that_cannot_be_placed_are_only_events(fake: FakeAws) -> None:
    fake.script.tasks_cannot_be_placed()
    update(fake, seconds=60)

    assert len(service(fake).tasks) == 2
    assert "was unable to place a task because" in service(fake).events[0]["message"]


def test_a_service_that_never_gets_stable_is_given_up_after_three_hours(fake: FakeAws) -> None:
    fake.script.tasks_cannot_be_placed()
    update(fake, seconds=4 * 3600)

    assert "NotStabilized" in reason(fake)
    assert fake.stack(NAME).status == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.slow
def test_a_pause_waits_for_somebody(fake: FakeAws) -> None:
    fake.script.pauses = ["POST_TEST_TRAFFIC_SHIFT"]
    update(fake, seconds=120)
    now = deployments(fake)[0]
    hook = now["lifecycleHookDetails"][0]
    fake.aws().client("ecs").continue_service_deployment(
        serviceDeploymentArn=now["serviceDeploymentArn"], hookId=hook["hookId"], action="CONTINUE"
    )
    fake.clock.sleep(60)

    assert (now["lifecycleStage"], hook["status"]) == (
        "POST_TEST_TRAFFIC_SHIFT",
        "AWAITING_ACTION",
    )
    assert fake.stack(NAME).status == "UPDATE_COMPLETE"


def test_a_deployment_can_be_stopped_and_goes_back(fake: FakeAws) -> None:
    fake.script.pauses = ["POST_SCALE_UP"]
    update(fake, seconds=60)
    fake.aws().client("ecs").stop_service_deployment(
        serviceDeploymentArn=deployments(fake)[0]["serviceDeploymentArn"], stopType="ROLLBACK"
    )
    fake.script.pauses = []
    fake.clock.sleep(120)

    assert deployments(fake)[0]["status"] == "ROLLBACK_SUCCESSFUL"
    assert images(fake) == ["hoge:1", "hoge:1"]


def test_an_alarm_sends_a_deployment_back(fake: FakeAws) -> None:
    alarms = {"enable": True, "rollback": True, "alarmNames": ["errors"]}
    fake.ecs.service("fuga", deploymentConfiguration={"alarms": alarms})
    fake.world.cloudwatch.alarm("errors", state="ALARM")
    made = fake.ecs.deploy("fuga")
    fake.clock.advance(60)

    assert (made.state, made.triggered_alarms) == ("ROLLBACK_SUCCESSFUL", ["errors"])


def test_somebody_else_s_deployment_is_waited_for_too(fake: FakeAws) -> None:
    update(fake, seconds=5)
    fake.ecs.deploy(service(fake).name, "hoge:hotfix")
    fake.clock.sleep(120)

    assert fake.stack(NAME).status == "UPDATE_COMPLETE"
    assert images(fake) == ["hoge:hotfix", "hoge:hotfix"]
    assert [one["status"] for one in deployments(fake)] == ["SUCCESSFUL", "STOPPED", "SUCCESSFUL"]
