"""EB119."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.managed_termination_scaling import CHECK
from tests.checks.helpers import resource, verdict

STATUS = "Provider.AutoScalingGroupProvider.ManagedScaling.Status"


def provider(protection: str, **scaling: Any) -> dict[str, Any]:
    group = {"ManagedTerminationProtection": protection, "ManagedScaling": scaling}
    return {"Provider": resource("AWS::ECS::CapacityProvider", AutoScalingGroupProvider=group)}


GOOD = [
    pytest.param(provider("ENABLED", Status="ENABLED"), id="both"),
    pytest.param(provider("DISABLED", Status="DISABLED"), id="neither"),
    pytest.param(provider("ENABLED"), id="not said"),
]
BAD = [pytest.param(provider("ENABLED", Status="DISABLED"), [STATUS], id="protection alone")]
UNKNOWN = [pytest.param(provider("ENABLED", Status={"Ref": "Status"}), [STATUS], id="ref")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
