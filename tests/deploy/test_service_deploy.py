"""A stack with an ECS service: what its tasks do decides, not what CloudFormation says."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.attaching import attach
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.progress import FailureKind
from ecs_blocks.deploy.recording import recorded
from ecs_blocks.deploy.watch import Patience
from tests.deploy.stage import STACK, Person, deploy, place, prepared
from tests.fake_aws import FakeAws, denied

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

TEMPLATE: Final[dict[str, Any]] = {
    "Parameters": {"Name": {"Type": "String"}},
    "Resources": {
        "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/ecs/hoge-prod"}},
        "Task": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "Family": "hoge-prod",
                "ContainerDefinitions": [
                    {
                        "Name": "app",
                        "Image": {"Fn::Sub": "public.ecr.aws/hoge:${Name}"},
                        "Essential": True,
                        "LogConfiguration": {
                            "LogDriver": "awslogs",
                            "Options": {
                                "awslogs-group": {"Ref": "Log"},
                                "awslogs-region": "ap-northeast-1",
                                "awslogs-stream-prefix": "app",
                            },
                        },
                    }
                ],
            },
        },
        "Service": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "Cluster": "default",
                "TaskDefinition": {"Ref": "Task"},
                "DesiredCount": 2,
                "DeploymentConfiguration": {
                    "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True}
                },
            },
        },
    },
}
CRASH: Final = ("Traceback (most recent call last):", "KeyError: 'DATABASE_URL'")


@pytest.fixture
def fake() -> Iterator[FakeAws]:
    with FakeAws() as found:
        found.ecs.cluster()
        deploy(found, prepared("1.8.2", TEMPLATE))
        found.calls.clear()
        yield found


def test_a_new_revision_serves(fake: FakeAws) -> None:
    person = Person()

    outcome = deploy(fake, prepared("1.8.3", TEMPLATE), person)

    assert outcome.code is Exit.DONE, outcome
    assert [verdict.serves for verdict in outcome.verdicts] == [True]
    assert any(
        service.new and service.new.revision == "hoge-prod:2"
        for snapshot in person.snapshots
        for service in snapshot.services
    )


def test_a_crashing_image_is_told_with_its_own_last_words(fake: FakeAws) -> None:
    """Row 65: fetched when the failure was seen, before the rollback took the tasks away."""
    fake.script.tasks_fail(1, logs=CRASH)

    outcome = deploy(fake, prepared("1.8.3", TEMPLATE))

    [failure] = outcome.failures
    assert outcome.code is Exit.ROLLED_BACK
    assert (failure.kind, failure.exit_code) == (FailureKind.EXIT, 1)
    assert failure.log_lines[-1] == CRASH[-1]
    assert failure.same >= 1
    assert fake.stack(STACK).status == "UPDATE_ROLLBACK_COMPLETE"


def test_a_failure_between_two_looks_is_shown_with_what_followed(fake: FakeAws) -> None:
    fake.script.resource_fails("Log", "the key is disabled")
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Log"]["Properties"]["RetentionInDays"] = 7
    person = Person()
    deploy(fake, prepared("1.8.2", template), person)
    shown = [
        (one.logical_id, one.status, one.reason)
        for snapshot in person.snapshots
        for one in (*snapshot.failed, *snapshot.resources)
    ]

    assert ("Log", "UPDATE_FAILED", "the key is disabled") in shown


def test_complete_is_not_serving(fake: FakeAws) -> None:
    """Row 68: ECS went back, CloudFormation is content."""
    fake.script.tasks_fail(1, logs=CRASH)
    fake.script.breaker_is_silent = True

    outcome = deploy(fake, prepared("1.8.3", TEMPLATE))

    assert fake.stack(STACK).status == "UPDATE_COMPLETE"
    assert outcome.code is Exit.ROLLED_BACK
    assert "UPDATE_COMPLETE, but" in outcome.sentence
    assert "hoge-prod:1" in outcome.sentence


def test_the_same_command_again_does_not_call_that_a_success(fake: FakeAws) -> None:
    fake.script.tasks_fail(1, logs=CRASH)
    fake.script.breaker_is_silent = True
    deploy(fake, prepared("1.8.3", TEMPLATE))

    outcome = deploy(fake, prepared("1.8.3", TEMPLATE))

    assert outcome.code is Exit.ROLLED_BACK
    assert outcome.sentence.startswith(f"{STACK}: nothing to change, but")


def test_a_first_deploy_that_fails_keeps_the_log_lines() -> None:
    """The log group goes with the creation."""
    with FakeAws() as new:
        new.ecs.cluster()
        new.script.tasks_fail(1, logs=CRASH)
        outcome = deploy(new, prepared("1.8.3", TEMPLATE))

    assert outcome.code is Exit.ROLLED_BACK
    assert "it was the first deploy" in outcome.sentence
    assert outcome.failures[0].log_lines[-1] == CRASH[-1]


def test_a_version_that_is_back_is_seen_to_serve_by_whoever_attaches(fake: FakeAws) -> None:
    fake.script.tasks_fail(1, logs=CRASH)
    deploy(fake, prepared("1.8.3", TEMPLATE))
    stack = read_stack(fake.aws(), STACK)
    assert stack is not None

    outcome = attach(fake.aws(), place(), stack, Person(), Patience())

    assert outcome.code is Exit.ROLLED_BACK
    assert "the version before serves" in outcome.sentence
    assert [verdict.serves for verdict in outcome.verdicts] == [True]


def test_a_version_that_is_back_and_does_not_serve_needs_a_person(fake: FakeAws) -> None:
    fake.script.resource_fails("Log", "no", on="UPDATE")
    fake.ecs.deploy(fake.stack(STACK).resources["Service"].physical_id, "somebody:9")
    fake.clock.advance(600)
    changed = copy.deepcopy(TEMPLATE)
    changed["Resources"]["Log"]["Properties"]["RetentionInDays"] = 7
    outcome = deploy(fake, prepared("1.8.2", changed))

    assert outcome.code is Exit.NEEDS_A_PERSON, outcome
    assert "the version before is back, but somebody else deployed" in outcome.sentence


CLUSTER: Final = {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "live"}}


@pytest.mark.parametrize("cluster", ["live", {"Ref": "Cluster"}, {"Fn::GetAtt": "Cluster.Arn"}])
def test_a_service_whose_arn_is_of_the_old_format_is_watched_in_its_cluster(cluster: Any) -> None:
    template = copy.deepcopy(TEMPLATE)
    template["Resources"] |= {"Cluster": CLUSTER}
    template["Resources"]["Service"]["DependsOn"] = "Cluster"
    template["Resources"]["Service"]["Properties"]["Cluster"] = cluster
    with FakeAws() as fake:
        fake.ecs.account_settings["serviceLongArnFormat"] = "disabled"
        fake.deployed(STACK, template, {"Name": "1.8.2"})
        fake.clock.advance(120)
        fake.ecs.account_settings["serviceLongArnFormat"] = "enabled"
        fake.script.tasks_fail(1, logs=CRASH)
        person = Person()
        outcome = deploy(fake, prepared("1.8.3", template), person)
        [service] = person.snapshots[-1].services
        arn = fake.stack(STACK).resources["Service"].physical_id

        assert arn.count("/") == 1
        assert outcome.code is Exit.ROLLED_BACK
        assert outcome.failures[0].log_lines[-1] == CRASH[-1]
        assert "the version before serves" in outcome.sentence
        assert (service.note, service.new and service.new.revision) == ("", "hoge-prod:2")


@pytest.mark.parametrize("failing", [0, 1])
def test_tasks_that_failed_on_the_way_are_counted_and_kept(fake: FakeAws, failing: int) -> None:
    """ECS's own number is 0 again by then: the next task has run."""
    if failing:
        fake.script.tasks_fail(1, times=failing)
    what = prepared("1.8.3", TEMPLATE)

    outcome = deploy(fake, what)
    record = recorded(what, outcome, "1", fake.aws().clock)

    assert (outcome.code, outcome.failed_tasks) == (Exit.DONE, failing), outcome
    assert record.failed_tasks == failing


@pytest.mark.parametrize("operation", ["ListTasks", "DescribeTasks"])
def test_failed_tasks_that_nobody_may_see_are_not_none(fake: FakeAws, operation: str) -> None:
    fake.script.tasks_fail(1, times=1)
    fake.fault(operation, denied, times=None)

    outcome = deploy(fake, prepared("1.8.3", TEMPLATE))

    assert (outcome.code, outcome.failed_tasks) == (Exit.DONE, None), outcome


def test_who_comes_when_all_is_over_does_not_know_how_many_failed(fake: FakeAws) -> None:
    fake.script.tasks_fail(1, times=1)
    deploy(fake, prepared("1.8.3", TEMPLATE))
    stack = read_stack(fake.aws(), STACK)
    assert stack is not None

    outcome = attach(fake.aws(), place(), stack, Person(), Patience())

    assert (outcome.code, outcome.failed_tasks) == (Exit.DONE, None), outcome


def test_where_no_service_changes_no_task_is_counted(fake: FakeAws) -> None:
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Log"]["Properties"]["RetentionInDays"] = 7

    assert deploy(fake, prepared("1.8.2", template)).failed_tasks is None
