"""EB405."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.unused_grace_period import CHECK
from tests.checks.helpers import resource, verdict

APP = {"Name": "app", "PortMappings": [{"ContainerPort": 8080}]}


def stack(service: dict[str, Any], *containers: Any, **task: Any) -> dict[str, Any]:
    return {
        "Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **task),
        "Service": resource("AWS::ECS::Service", **{"TaskDefinition": {"Ref": "Task"}, **service}),
    }


GRACE: dict[str, Any] = {"HealthCheckGracePeriodSeconds": 60}
CHECKED = {**APP, "HealthCheck": {"Command": ["CMD", "true"]}}
PLACE = "Service.HealthCheckGracePeriodSeconds"
GOOD = [
    pytest.param(stack({}, APP), id="left out"),
    pytest.param(stack({"HealthCheckGracePeriodSeconds": 0}, APP), id="zero"),
    pytest.param(stack({**GRACE, "LoadBalancers": [{}]}, APP), id="behind a load balancer"),
    pytest.param(stack({**GRACE, "VpcLatticeConfigurations": [{}]}, APP), id="behind Lattice"),
    pytest.param(stack(GRACE, CHECKED), id="container with a health check"),
]
BAD = [
    pytest.param(stack(GRACE, APP), [PLACE], id="nothing to ignore"),
    pytest.param(
        stack({"HealthCheckGracePeriodSeconds": "60", "LoadBalancers": []}, APP),
        [PLACE],
        id="no load balancer in writing",
    ),
]
UNKNOWN = [
    pytest.param(
        stack({**GRACE, "TaskDefinition": "hoge:7"}, APP), "Service.TaskDefinition", id="task"
    ),
    pytest.param(
        stack({**GRACE, "LoadBalancers": {"Fn::If": ["Web", [], []]}}, APP),
        "Service.LoadBalancers",
        id="load balancers",
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
