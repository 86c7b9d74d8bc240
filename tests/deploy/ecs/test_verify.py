"""Whether what was deployed serves: proven, or said in one sentence why not (72)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.ecs.verify import ExpectedService, Verdict, verify_services
from tests.deploy.ecs.tasks import GROUP, SERVICE, revision_arn
from tests.deploy.ecs.verifying import DONE, EXPECTED, serving, verify
from tests.deploy.ecs.world import Refusal, deployment, rollout, service, time

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from tests.deploy.ecs.world import VirtualClock, World


def test_what_was_deployed_serves(world: World, aws: Aws) -> None:
    world.service = serving()

    assert verify(aws) == Verdict(
        "HogeService",
        serves=True,
        sentence="hoge:42 serves: 2 of 2 tasks run, 2 targets are healthy",
    )


def test_a_service_without_a_load_balancer_serves_by_its_tasks(world: World, aws: Aws) -> None:
    world.service = serving(loadBalancers=[])

    assert verify(aws).sentence == "hoge:42 serves: 2 of 2 tasks run"


def test_it_waits_while_the_deployment_goes_on(world: World, clock: VirtualClock, aws: Aws) -> None:
    began_s = clock.now_s()
    clock.after(120, lambda: setattr(world, "service", serving()))

    assert verify(aws).serves
    assert 120 <= clock.now_s() - began_s <= 130


@pytest.mark.parametrize("has_rollouts", [True, False])
def test_row_72_an_update_by_somebody_else_is_reported(
    world: World, clock: VirtualClock, aws: Aws, *, has_rollouts: bool
) -> None:
    other = deployment(43, 2, createdAt=time(60), **DONE)
    world.service = service(other, deployment(42, 0, status="ACTIVE"))
    if has_rollouts:
        world.rollouts = [rollout(43, "SUCCESSFUL"), rollout(42, "STOPPED")]
    began_s = clock.now_s()
    verdict = verify(aws)

    assert verdict.sentence == (
        "somebody else deployed hoge:43 after hoge:42 (UpdateService at 05:01:00 UTC, deployment "
        "ecs-svc/43); hoge:42 does not serve"
    )
    assert clock.now_s() - began_s == 10, "it is read three times"


def test_a_deployment_that_never_was_is_reported(world: World, aws: Aws) -> None:
    world.service = service(deployment(41, 2, **DONE))

    assert verify(aws).sentence == "hoge:41 is deployed, and hoge:42 never was"


def test_an_answer_of_before_is_not_believed_at_once(
    world: World, clock: VirtualClock, aws: Aws
) -> None:
    world.service = service(deployment(41, 2, **DONE))
    clock.after(5, lambda: setattr(world, "service", serving()))

    assert verify(aws).serves


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (None, "the service does not exist any more"),
        (service(status="INACTIVE"), "the service does not exist any more"),
        (serving(status="DRAINING"), "the service is being deleted"),
    ],
)
def test_a_deleted_service_is_reported(
    world: World, aws: Aws, found: dict[str, Any] | None, sentence: str
) -> None:
    world.service = found

    assert verify(aws).sentence == sentence


def test_a_deleted_cluster_has_no_service(world: World, aws: Aws) -> None:
    world.refuse["DescribeServices"] = Refusal("ClusterNotFoundException")

    assert verify(aws).sentence == "the service does not exist any more"


def test_a_task_definition_that_was_deregistered_is_reported(world: World, aws: Aws) -> None:
    world.service = serving()
    world.definitions[revision_arn(42)]["status"] = "INACTIVE"

    assert verify(aws).sentence == (
        "hoge:42 runs, but is INACTIVE: ECS can neither deploy it again nor go back to it"
    )


@pytest.mark.parametrize(
    ("health", "sentence"),
    [
        (
            [("healthy", ""), ("unhealthy", "Health checks failed with these codes: [502]")],
            "hoge:42 runs, but 1 of 2 targets of hoge-tg are healthy (Health checks failed with "
            "these codes: [502]) (after 60 s)",
        ),
        (
            [("unused", "Target group is not configured to receive traffic")] * 2,
            "hoge:42 runs, but 0 of 2 targets of hoge-tg are healthy (Target group is not "
            "configured to receive traffic) (after 60 s)",
        ),
    ],
)
def test_tasks_that_no_request_reaches_do_not_serve(
    world: World, aws: Aws, health: list[tuple[str, str]], sentence: str
) -> None:
    world.service = serving()
    world.health[GROUP] = health
    verdict = verify(aws, 60)

    assert (verdict.serves, verdict.is_decided, verdict.sentence) == (False, False, sentence)


def test_with_blue_and_green_the_group_that_has_its_turn_counts(world: World, aws: Aws) -> None:
    green = f"{GROUP}green"
    world.service = serving(
        loadBalancers=[
            {
                "targetGroupArn": GROUP,
                "advancedConfiguration": {"alternateTargetGroupArn": green},
            }
        ]
    )
    world.health = {GROUP: [], green: [("healthy", "")] * 2}

    assert verify(aws).serves


def test_tasks_that_crash_after_the_deployment_do_not_serve(world: World, aws: Aws) -> None:
    world.service = service(deployment(42, 1, **DONE))
    verdict = verify(aws, 60)

    assert verdict.sentence == "hoge:42 is deployed, but 1 of 2 tasks run (after 60 s)"


def test_without_a_task_definition_nothing_is_proven(world: World, aws: Aws) -> None:
    """What is deployed, compared with itself, is always the same."""
    world.service = serving()
    verdict = verify(aws, expected=ExpectedService("HogeService", SERVICE, ""))

    assert (verdict.serves, verdict.is_decided) == (False, False)
    assert verdict.sentence.startswith("whether hoge serves is not proven")


OLD_ARN = SERVICE.replace("/default/", "/")


def test_a_service_of_the_old_format_is_looked_for_where_the_stack_says(
    world: World, aws: Aws
) -> None:
    world.service = serving()
    world.refuse["ListServiceDeployments"] = Refusal("UnsupportedFeatureException")
    expected = ExpectedService("HogeService", OLD_ARN, revision_arn(42), "prod")

    assert verify(aws, expected=expected).serves
    asked = [given for name, given in world.calls if name == "DescribeServices"]
    assert {one["cluster"] for one in asked} == {"prod"}


def test_where_nobody_knows_the_cluster_a_service_is_not_called_gone(
    world: World, clock: VirtualClock, aws: Aws
) -> None:
    world.service = None
    began_s = clock.now_s()
    verdict = verify(aws, expected=ExpectedService("HogeService", OLD_ARN, revision_arn(42)))

    assert (verdict.serves, verdict.is_decided) == (False, False)
    assert "which does not name the cluster" in verdict.sentence
    assert world.count("DescribeServices") == 0
    assert clock.now_s() == began_s


def test_services_are_verified_side_by_side(world: World, clock: VirtualClock, aws: Aws) -> None:
    clock.after(60, lambda: setattr(world, "service", serving()))
    other = ExpectedService("OtherService", SERVICE, revision_arn(41))
    began_s = clock.now_s()
    verdicts = verify_services(aws, [EXPECTED, other], 600)

    assert [one.logical_id for one in verdicts] == ["HogeService", "OtherService"]
    assert [one.serves for one in verdicts] == [True, False]
    assert clock.now_s() - began_s == 60
    assert world.count("DescribeServices") == 13 + 3, "what is decided is not asked again"


def test_no_services_need_no_time(aws: Aws, clock: VirtualClock) -> None:
    began_s = clock.now_s()

    assert verify_services(aws, [], 600) == []
    assert clock.now_s() == began_s
