"""EB407."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.deployment_capacity import CHECK
from tests.checks.helpers import resource, verdict


def service(minimum: Any, maximum: Any = None, **properties: Any) -> dict[str, Any]:
    percent = {"MinimumHealthyPercent": minimum, "MaximumPercent": maximum}
    percent = {name: value for name, value in percent.items() if value is not None}
    properties.setdefault("LoadBalancers", [{"ContainerName": "app"}])
    return {"Service": resource("AWS::ECS::Service", DeploymentConfiguration=percent, **properties)}


PLACE = "Service.DeploymentConfiguration.MinimumHealthyPercent"
GOOD = [
    pytest.param(service(100, 200), id="100"),
    pytest.param(service(None), id="left out means 100"),
    pytest.param(service("100", "200"), id="as text"),
    pytest.param(service(50, 100), id="no room for more"),
    pytest.param(service(0, 100, LoadBalancers=[]), id="no requests to answer"),
    pytest.param(service(0, 100, SchedulingStrategy="DAEMON"), id="daemon"),
    pytest.param(service(50, DeploymentController={"Type": "CODE_DEPLOY"}), id="CodeDeploy"),
]
BAD = [
    pytest.param(service(50, 200), [PLACE], id="though there is room"),
    pytest.param(service("50"), [PLACE], id="200 is the default"),
    pytest.param(service(0, 100), [PLACE], id="all at once"),
    pytest.param(service(0, 200), [PLACE], id="all at once, with room"),
]
UNKNOWN = [
    pytest.param(service({"Ref": "Minimum"}), PLACE, id="value"),
    pytest.param(
        service(50, LoadBalancers={"Fn::If": ["Web", [], []]}),
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
