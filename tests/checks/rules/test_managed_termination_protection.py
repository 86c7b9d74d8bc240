"""EB116."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.managed_termination_protection import CHECK
from tests.checks.helpers import resource, verdict

PROTECTION = "Provider.AutoScalingGroupProvider.ManagedTerminationProtection"


def capacity(protection: Any, arn: Any = None, **group: Any) -> dict[str, Any]:
    provider = {
        "AutoScalingGroupArn": arn or {"Ref": "Group"},
        "ManagedTerminationProtection": protection,
    }
    return {
        "Provider": resource("AWS::ECS::CapacityProvider", AutoScalingGroupProvider=provider),
        "Group": resource("AWS::AutoScaling::AutoScalingGroup", **group),
    }


GOOD = [
    pytest.param(capacity("ENABLED", NewInstancesProtectedFromScaleIn=True), id="both"),
    pytest.param(capacity("ENABLED", NewInstancesProtectedFromScaleIn="true"), id="as text"),
    pytest.param(capacity("DISABLED"), id="off"),
    pytest.param(
        {"Provider": resource("AWS::ECS::CapacityProvider", ManagedInstancesProvider={})},
        id="managed instances",
    ),
]
BAD = [
    pytest.param(capacity("ENABLED"), [PROTECTION], id="group says nothing"),
    pytest.param(
        capacity("ENABLED", NewInstancesProtectedFromScaleIn=False),
        [PROTECTION],
        id="group says no",
    ),
    pytest.param(
        capacity("ENABLED", {"Fn::GetAtt": ["Group", "AutoScalingGroupARN"]}),
        [PROTECTION],
        id="by its ARN",
    ),
]
UNKNOWN = [
    pytest.param(
        capacity("ENABLED", "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:x"),
        ["Provider.AutoScalingGroupProvider.AutoScalingGroupArn"],
        id="group of another stack",
    ),
    pytest.param(capacity({"Ref": "Protection"}), [PROTECTION], id="ref"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
