"""Going back from a shift of traffic to rolling has to be said: ECS keeps what it is not told."""

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


def now(server: Scripted, configuration: dict[str, Any]) -> None:
    server.on(
        "ecs.DescribeServices",
        lambda asked: {
            "services": [{"serviceArn": name, "deploymentConfiguration": configuration}]
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
