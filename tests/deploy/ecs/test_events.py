"""Tasks that never came to be: what the service's events say of them."""

from __future__ import annotations

import pytest

from ecs_blocks.deploy.ecs.classify import from_event
from ecs_blocks.deploy.progress import FailureKind as Kind
from tests.deploy.ecs.fetch_reasons import PULL
from tests.deploy.ecs.tasks import definition


@pytest.mark.parametrize(
    ("message", "kind", "summary"),
    [
        (
            "(service hoge) was unable to place a task because no container instance met all of "
            "its requirements. The closest matching (container-instance d20a57cd) has insufficient "
            "CPU units available. For more information, see the Troubleshooting section.",
            Kind.NO_CAPACITY,
            "no instance has enough CPU left for the task",
        ),
        (
            "service hoge was unable to place a task because no container instance met all of its "
            "requirements. Reason: No Container Instances were found in your capacity provider.",
            Kind.NO_CAPACITY,
            "there are no instances in the capacity provider",
        ),
        (
            "(service hoge) was unable to place a task because no container instance met all of "
            "its requirements. The closest matching container-instance x encountered error "
            '"AGENT".',
            Kind.NO_CAPACITY,
            "the ECS agent of the only fitting instance is not connected",
        ),
        (
            "(service hoge) was unable to place a task because no container instance met all of "
            "its requirements. The closest matching container-instance x encountered error "
            '"RESOURCE:ENI".',
            Kind.NETWORK,
            "no more network interfaces are to be had",
        ),
        (
            "(service hoge) was unable to place a task because no container instance met all of "
            "its requirements. The closest matching (container-instance 1) is already using a port "
            "required by your task.",
            Kind.NO_CAPACITY,
            "every instance already uses the task's host port",
        ),
        (
            "(service hoge) was unable to place a task because no container instance met all of "
            "its requirements. The closest matching container-instance 4 is missing an attribute "
            "required by your task.",
            Kind.NO_CAPACITY,
            "no instance has an attribute that the task needs",
        ),
        (
            "(service hoge) was unable to place a task. Reason: You've reached the limit on the "
            "number of vCPUs you can run concurrently.",
            Kind.NO_CAPACITY,
            "the account's Fargate quota is used up",
        ),
        (
            "(service hoge) was unable to place a task. Reason: Internal error.",
            Kind.NO_CAPACITY,
            "Fargate does not run in the availability zone of one of the service's subnets",
        ),
        (
            "(service hoge, taskSet ecs-svc/1) was unable to place a task. Reason: Capacity is "
            "unavailable at this time. Please try again later or in a different availability zone.",
            Kind.NO_CAPACITY,
            "AWS has no capacity for this task in these subnets now",
        ),
        (
            f"(service hoge) was unable to place a task. Reason: {PULL}pull image manifest has "
            "been retried 7 time(s): image Manifest does not contain descriptor matching platform "
            "'linux/amd64'.",
            Kind.ARCHITECTURE,
            "has no build for linux/amd64",
        ),
        (
            "(service hoge) failed to launch a task with (error ECS was unable to assume the role "
            "'arn:aws:iam::1:role/hoge' that was provided for this task. Please verify.).",
            Kind.OTHER,
            "ECS may not take on the role arn:aws:iam::1:role/hoge",
        ),
        (
            "(service hoge) was unable to stop or start tasks during a deployment because of the "
            "service deployment configuration. Update the minimumHealthyPercent value.",
            Kind.OTHER,
            "ECS may neither start nor stop a task within the deployment's percentages",
        ),
        ("(service hoge) was unable to place a task.", Kind.NO_CAPACITY, "no task could be placed"),
    ],
)
def test_a_task_that_could_not_be_placed_is_told_by_an_event(
    message: str, kind: Kind, summary: str
) -> None:
    failed = from_event(message, definition())

    assert failed is not None
    assert failed.kind is kind
    assert summary in failed.summary
    assert failed.task_id == ""


@pytest.mark.parametrize(
    "message",
    [
        "(service hoge) has reached a steady state.",
        "(service hoge) has started 1 tasks: (task 7f2a).",
        "(service hoge) registered 1 targets in (target-group arn:x)",
        "(service hoge) is unable to consistently start tasks successfully.",
        "(service hoge) (deployment ecs-svc/1) deployment failed: tasks failed to start.",
    ],
)
def test_other_events_are_no_failures(message: str) -> None:
    assert from_event(message, definition()) is None
