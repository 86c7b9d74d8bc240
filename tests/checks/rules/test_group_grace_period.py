"""EB113. Regression: asg-no-hcgrace."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.group_grace_period import CHECK
from tests.checks.helpers import resource, verdict


def group(**properties: Any) -> dict[str, Any]:
    return {"Group": resource("AWS::AutoScaling::AutoScalingGroup", **properties)}


PATH = "Group.HealthCheckGracePeriod"
GOOD = [
    pytest.param(group(HealthCheckGracePeriod=300), id="number"),
    pytest.param(group(HealthCheckGracePeriod="60"), id="text"),
]
BAD = [
    pytest.param(group(), [PATH], id="left out"),
    pytest.param(group(HealthCheckGracePeriod=0), [PATH], id="zero"),
    pytest.param(group(HealthCheckGracePeriod="0"), [PATH], id="zero as text"),
]
UNKNOWN = [pytest.param(group(HealthCheckGracePeriod={"Ref": "Grace"}), [PATH], id="ref")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
