"""Going back to rolling, or to the instances, has to be said: ECS keeps what it is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecs_blocks.deploy.preflight.strategy import check
from tests.deploy.preflight.subjects import found, subject

if TYPE_CHECKING:
    from ecs_blocks.deploy.preflight.subject import Subject
    from tests.deploy.preflight.scripted import Scripted

KIND = "ECS::Service"
ARN = "arn:aws:ecs:ap-northeast-1:123456789012:service/main/hoge"


def service(strategy: str | None, *, there: bool = True) -> Subject:
    configuration = {"MaximumPercent": 200} | ({"Strategy": strategy} if strategy else {})
    return subject(
        {"Service": (KIND, {"DeploymentConfiguration": configuration})},
        has={"Service": (KIND, ARN)} if there else None,
    )


def moved(compatibility: str, *, there: bool = True, **service: Any) -> Subject:
    properties = {
        "TaskDefinition": {"Ref": "Task"},
        "DeploymentConfiguration": {"Strategy": "ROLLING"},
    }
    task = {"RequiresCompatibilities": [compatibility]}
    return subject(
        {"Task": ("ECS::TaskDefinition", task), "Service": (KIND, properties | service)},
        has={"Service": (KIND, ARN)} if there else None,
    )


def now(server: Scripted, configuration: dict[str, Any], *providers: str) -> None:
    strategy = [{"capacityProvider": one, "weight": 1, "base": 0} for one in providers]
    server.on(
        "ecs.DescribeServices",
        lambda asked: {
            "services": [
                {
                    "serviceArn": name,
                    "deploymentConfiguration": configuration,
                    "capacityProviderStrategy": strategy,
                }
            ]
            if (name := asked["services"][0]) == ARN and asked["cluster"] == "main"
            else []
        },
    )


@pytest.mark.parametrize("strategy", ["BLUE_GREEN", "CANARY", "LINEAR"])
def test_a_template_that_forgets_to_go_back_is_refused(server: Scripted, strategy: str) -> None:
    now(server, {"strategy": strategy})
    [finding] = check(server.aws, service(None))

    assert found(check, server.aws, service(None)) == [
        f"problem: Service: it is deployed by {strategy} now, and the template says no strategy: "
        "ECS would keep it, without the second target group that it needs"
    ]
    assert finding.hint == "going back, say so: deployment=eb.Rolling(explicit=True)"


@pytest.mark.parametrize("strategy", ["ROLLING", "BLUE_GREEN"])
def test_who_says_it_is_not_asked_about(server: Scripted, strategy: str) -> None:
    assert found(check, server.aws, service(strategy)) == []
    assert server.asked == []


@pytest.mark.parametrize("configuration", [{"strategy": "ROLLING"}, {}])
def test_who_rolls_already_goes_on(server: Scripted, configuration: dict[str, Any]) -> None:
    now(server, configuration)

    assert found(check, server.aws, service(None)) == []


def test_a_new_service_has_nothing_to_go_back_from(server: Scripted) -> None:
    assert found(check, server.aws, service(None, there=False)) == []
    assert server.asked == []


def test_what_may_not_be_asked_is_said_not_to_be_checked(server: Scripted) -> None:
    [line] = found(check, server.aws, service(None))

    assert line.startswith("skipped: strategy of Service: not checked: ")


def test_a_move_from_fargate_to_the_instances_that_is_not_said_is_refused(
    server: Scripted,
) -> None:
    now(server, {}, "FARGATE", "FARGATE_SPOT")
    [finding] = check(server.aws, moved("EC2"))

    assert found(check, server.aws, moved("EC2")) == [
        "problem: Service: it runs on FARGATE and FARGATE_SPOT now, its new task is for instances, "
        "and the template says no capacity provider strategy: ECS would keep the old one, and "
        "refuse the task"
    ]
    assert finding.hint == (
        "moving it to the cluster's default, say so: "
        "capacity() of its environment class returns eb.ClusterDefault(explicit=True)"
    )


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(moved("EC2", CapacityProviderStrategy=[]), id="it is said"),
        pytest.param(moved("FARGATE"), id="it stays on Fargate, by the cluster's default"),
        pytest.param(moved("EC2", there=False), id="it is new"),
    ],
)
def test_what_says_where_it_runs_or_may_stay_is_not_asked_about(
    server: Scripted, asked: Subject
) -> None:
    assert found(check, server.aws, asked) == []
    assert server.asked == []


def test_a_service_on_the_instances_stays_there(server: Scripted) -> None:
    now(server, {}, "ec2-main")

    assert found(check, server.aws, moved("EC2")) == []
