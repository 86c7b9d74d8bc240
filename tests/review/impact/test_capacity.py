"""On what tasks run, and what is paid for it."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import Resource
from ecs_blocks.review.impact.capacity import capacity_of
from tests.review.impact.stage import lines, stack, task, web

FARGATE = task(RequiresCompatibilities=["FARGATE"], Cpu="1024", Memory="2048")
INSTANCES = task(RequiresCompatibilities=["EC2"])
SPOT: dict[str, Any] = {
    "CapacityProviderStrategy": [
        {"CapacityProvider": "FARGATE", "Base": 2, "Weight": 1},
        {"CapacityProvider": "FARGATE_SPOT", "Weight": "3"},
    ]
}
ON_DEMAND: dict[str, Any] = {
    "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE", "Weight": 1}]
}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, "the cluster's default"),
        ({"CapacityProviderStrategy": []}, "the cluster's default"),
        ({"LaunchType": "FARGATE"}, "FARGATE"),
        (ON_DEMAND, "FARGATE"),
        (SPOT, "2 on FARGATE, then FARGATE and FARGATE_SPOT 1 : 3"),
        (
            {
                "CapacityProviderStrategy": [
                    {"CapacityProvider": "FARGATE", "Base": 1, "Weight": 1},
                    {"CapacityProvider": "FARGATE_SPOT", "Weight": 0},
                ]
            },
            "FARGATE",
        ),
        ({"CapacityProviderStrategy": {"Ref": "Given"}}, "Given"),
    ],
)
def test_a_strategy_in_words(properties: dict[str, Any], expected: str) -> None:
    service = Resource("Web", "AWS::ECS::Service", {"Properties": properties})

    assert capacity_of(service) == expected


def forced(nonce: str) -> dict[str, Any]:
    given = {"EnableForceNewDeployment": True, "ForceNewDeploymentNonce": nonce}
    return {"ForceNewDeployment": given}


def test_another_strategy_is_the_reason_of_the_deployment() -> None:
    before = stack(web(**ON_DEMAND, **forced("a")), FARGATE)
    after = stack(web(**SPOT, **forced("b")), FARGATE)

    assert lines(before, after) == [
        "notice rollout: Web: rolling, 2→2 tasks, peak 4, no downtime expected; capacity FARGATE → "
        "2 on FARGATE, then FARGATE and FARGATE_SPOT 1 : 3 (AWS may stop what is on Spot, two "
        "minutes after it says so); old tasks have 30 s to stop"
    ]
    back = lines(after, before)[0]
    assert "capacity 2 on FARGATE, then FARGATE and FARGATE_SPOT 1 : 3 → FARGATE; " in back


def test_from_instances_to_fargate() -> None:
    found = lines(stack(web(), INSTANCES), stack(web(**ON_DEMAND), FARGATE))

    assert found == [
        "notice rollout: Web: rolling, 2→2 tasks, peak 4, no downtime expected; capacity the "
        "cluster's default → FARGATE; where it may run changes; task CPU unset → 1024 units; task "
        "memory unset → 2048 MiB; old tasks have 30 s to stop",
        "notice scaling: Web: on Fargate, +1,460 vCPU hours and +2,920 GB hours a month",
    ]


def test_a_strategy_that_is_left_out_is_kept() -> None:
    """The deploy refuses what this says is refused (``deploy.preflight.strategy``)."""
    before = stack(web(**ON_DEMAND), FARGATE)
    taken_away = stack(web(CapacityProviderStrategy=[]), INSTANCES)

    assert lines(before, stack(web(), INSTANCES), "blocked") == [
        "approval blocked: Web: the deploy is refused: its task is for instances now, and the "
        "template says no capacity provider strategy any more: ECS keeps FARGATE, and refuses the "
        "task; write an empty one, with eb.ClusterDefault(explicit=True)"
    ]
    assert lines(before, stack(web(), FARGATE)) == [
        "notice rollout: Web: it stays on FARGATE: the template says no capacity provider strategy "
        "any more, and ECS keeps the old one"
    ]
    assert lines(before, taken_away, "blocked") == []
