"""Why ECS starts no task, in words with a way out."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.deploy.one_off.refusals import of_failures, of_text

INSTANCE = "arn:aws:ecs:ap-northeast-1:123456789012:container-instance/prod/0123456789abcdef"


@pytest.mark.parametrize(
    ("reason", "sentence", "hint"),
    [
        ("RESOURCE:MEMORY", "no instance of the cluster has as much memory left", "grow"),
        ("RESOURCE:CPU", "no instance of the cluster has as much CPU left", "grow"),
        ("RESOURCE:ENI", "has a network interface left", "the verb account-setup"),
        ("RESOURCE:GPU", "has a GPU left", "grow"),
        ("RESOURCE:PORTS", "host port is taken", "awsvpc"),
        ("RESOURCE:FARGATE", "Fargate has no capacity now", "subnets"),
        ("Capacity is unavailable at this time. Please try again later", "Fargate", "subnets"),
        ("RESOURCE:NEURON", "has room for the task", "grow"),
        ("AGENT", "agent of the instance is not connected", "replace the instance"),
        ("ATTRIBUTE", "has what the task definition asks for", "architecture"),
        ("LOCATION", "zone of the service's subnets", "zones"),
        ("MemberOf placement constraint unsatisfied.", "placement constraints", "attributes"),
        ("EMPTY CAPACITY PROVIDER", "the cluster has no instances", "managed scaling"),
        ("No Container Instances were found in your cluster.", "has no instances", "scaling"),
        ("INACTIVE", "no longer part of the cluster", "try again"),
        (
            "You've reached the limit on the number of tasks you can run concurrently",
            "as many tasks on Fargate as it may",
            "quota",
        ),
        (
            "You've reached the limit on the number of vCPUs you can run concurrently",
            "as many tasks on Fargate as it may",
            "quota",
        ),
        (
            "The quota of tasks in the PROVISIONING state has been reached",
            "waiting for capacity already",
            "grow",
        ),
        (
            "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/x'",
            "may not use a role",
            "ecs-tasks.amazonaws.com",
        ),
        ("TaskDefinition is inactive", "not active any more", "deploy the service"),
        ("Your account is currently blocked", "has blocked the account", "Support"),
    ],
)
def test_each_reason_is_a_sentence_with_a_hint(reason: str, sentence: str, hint: str) -> None:
    found = of_text(reason)

    assert sentence in found.sentence
    assert hint in found.hint
    assert reason.rstrip(".") in found.sentence


def test_what_nobody_has_seen_before_is_told_as_it_is() -> None:
    found = of_text("RATS:IN_THE_CELLAR", "three of them")

    assert (found.sentence, found.hint) == ("RATS:IN_THE_CELLAR: three of them", "")


@pytest.mark.parametrize(
    ("failures", "sentence"),
    [
        ([], "it says neither of a task nor of a failure"),
        (
            [{"arn": INSTANCE, "reason": "AGENT"}],
            "the ECS agent of the instance is not connected (AGENT); 0123456789abcdef",
        ),
        (
            [{"reason": "AGENT"}, *[{"arn": INSTANCE, "reason": "RESOURCE:CPU"}] * 2],
            "no instance of the cluster has as much CPU left (RESOURCE:CPU); 2 of 3 instances say "
            "so; others: AGENT",
        ),
        ([{"arn": INSTANCE}], "no reason; 0123456789abcdef"),
        (
            [{"reason": "RESOURCE:MEMORY", "detail": "512 MiB wanted"}],
            "no instance of the cluster has as much memory left (RESOURCE:MEMORY: 512 MiB wanted)",
        ),
    ],
)
def test_the_most_frequent_reason_goes_first(failures: list[dict[str, Any]], sentence: str) -> None:
    assert of_failures(failures).sentence == sentence
