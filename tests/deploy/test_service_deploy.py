"""A stack with an ECS service: what its tasks do decides, not what CloudFormation says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ecs_blocks.deploy.outcome import Exit
from ecs_blocks.deploy.progress import FailureKind
from tests.deploy.stage import STACK, Person, deploy, prepared
from tests.fake_aws import FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator

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
