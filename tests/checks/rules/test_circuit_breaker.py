"""EB402. Regression: svc-no-breaker."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.circuit_breaker import CHECK
from tests.checks.helpers import resource, verdict


def service(**properties: Any) -> dict[str, Any]:
    return {"Service": resource("AWS::ECS::Service", **properties)}


PLACE = "DeploymentConfiguration.DeploymentCircuitBreaker"


def breaker(**settings: Any) -> dict[str, Any]:
    return {"DeploymentCircuitBreaker": settings}


ON = breaker(Enable=True, Rollback=True)
GOOD = [
    pytest.param(service(DeploymentConfiguration=ON), id="on"),
    pytest.param(
        service(DeploymentConfiguration=breaker(Enable="true", Rollback="true")), id="as text"
    ),
    pytest.param(
        service(DeploymentConfiguration={"Strategy": "BLUE_GREEN"}), id="blue/green has its own"
    ),
    pytest.param(service(DeploymentController={"Type": "CODE_DEPLOY"}), id="CodeDeploy"),
    pytest.param(service(DeploymentController={"Type": "EXTERNAL"}), id="external"),
]
BAD = [
    pytest.param(service(), [f"Service.{PLACE}.Enable"], id="left out"),
    pytest.param(
        service(DeploymentConfiguration=breaker(Enable=False, Rollback=True)),
        [f"Service.{PLACE}.Enable"],
        id="off",
    ),
    pytest.param(
        service(DeploymentConfiguration=breaker(Enable=True, Rollback=False)),
        [f"Service.{PLACE}.Rollback"],
        id="without rollback",
    ),
    pytest.param(
        service(
            DeploymentConfiguration={"Strategy": "ROLLING", **breaker(Enable="true")},
            DeploymentController={"Type": "ECS"},
        ),
        [f"Service.{PLACE}.Rollback"],
        id="rollback left out",
    ),
]
UNKNOWN = [
    pytest.param(
        service(DeploymentConfiguration=breaker(Enable={"Ref": "Breaker"})),
        f"Service.{PLACE}.Enable",
        id="value",
    ),
    pytest.param(
        service(DeploymentConfiguration={"Strategy": {"Ref": "Strategy"}}),
        "Service.DeploymentConfiguration.Strategy",
        id="strategy",
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
