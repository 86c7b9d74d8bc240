"""EB112. Regression: asg-no-cooldown."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.group_cooldown import CHECK
from tests.checks.helpers import resource, verdict


def group(**properties: Any) -> dict[str, Any]:
    return {"Group": resource("AWS::AutoScaling::AutoScalingGroup", **properties)}


GOOD = [
    pytest.param(group(Cooldown="120"), id="cooldown"),
    pytest.param(group(DefaultInstanceWarmup=90), id="warm-up"),
    pytest.param(group(Cooldown={"Ref": "Cooldown"}), id="chosen elsewhere"),
    pytest.param(group(DefaultInstanceWarmup=0), id="none is a choice"),
]
BAD = [pytest.param(group(), ["Group.Cooldown"], id="left out")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])
