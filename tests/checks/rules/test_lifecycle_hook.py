"""EB409."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.lifecycle_hook import CHECK
from tests.checks.helpers import resource, verdict

STAGES = ["POST_TEST_TRAFFIC_SHIFT"]


def service(**hook: Any) -> dict[str, Any]:
    hook = {"LifecycleStages": STAGES, **hook}
    deployment = {"Strategy": "BLUE_GREEN", "LifecycleHooks": [hook]}
    return {"Service": resource("AWS::ECS::Service", DeploymentConfiguration=deployment)}


PLACE = "Service.DeploymentConfiguration.LifecycleHooks.0"
TARGET = {"Fn::GetAtt": ["Function", "Arn"]}
ROLE = "arn:aws:iam::123456789012:role/hook"
GOOD = [
    pytest.param(service(HookTargetArn=TARGET, RoleArn=ROLE), id="complete"),
    pytest.param(
        service(TargetType="AWS_LAMBDA", HookTargetArn=TARGET, RoleArn=ROLE), id="in writing"
    ),
    pytest.param(service(TargetType="PAUSE"), id="a pause calls nothing"),
    pytest.param({"Service": resource("AWS::ECS::Service")}, id="no hooks"),
]
BAD = [
    pytest.param(service(RoleArn=ROLE), [f"{PLACE}.HookTargetArn"], id="no target"),
    pytest.param(service(HookTargetArn=TARGET), [f"{PLACE}.RoleArn"], id="no role"),
    pytest.param(
        service(TargetType="AWS_LAMBDA"), [f"{PLACE}.HookTargetArn", f"{PLACE}.RoleArn"], id="bare"
    ),
    pytest.param(
        service(TargetType="PAUSE", LifecycleStages=[]), [f"{PLACE}.LifecycleStages"], id="no stage"
    ),
    pytest.param(
        service(TargetType="PAUSE", LifecycleStages=["PRE_SCALE_UP", "TEST_TRAFFIC_SHIFT"]),
        [f"{PLACE}.LifecycleStages.1"],
        id="pause while traffic moves",
    ),
]
UNKNOWN = [
    pytest.param(
        service(TargetType={"Ref": "Type"}, RoleArn=ROLE), f"{PLACE}.TargetType", id="type"
    )
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
