"""EB114."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.group_sizes import CHECK
from tests.checks.helpers import resource, verdict


def group(**properties: Any) -> dict[str, Any]:
    return {"Group": resource("AWS::AutoScaling::AutoScalingGroup", **properties)}


GOOD = [
    pytest.param(group(MinSize="1", MaxSize="3"), id="rising"),
    pytest.param(group(MinSize=2, MaxSize="2"), id="equal"),
    pytest.param(group(MinSize="0", MaxSize="0"), id="stopped"),
    pytest.param(group(MinSize="1", MaxSize="3", DesiredCapacity="3"), id="desired at the top"),
    pytest.param(group(MinSize="9", MaxSize="10"), id="compared as numbers"),
    pytest.param(group(MaxSize="3"), id="no minimum"),
    pytest.param(group(MinSize="few", MaxSize="3"), id="no number"),
]
BAD = [
    pytest.param(group(MinSize="3", MaxSize="1"), ["Group.MaxSize"], id="falling"),
    pytest.param(
        group(MinSize=1, MaxSize=3, DesiredCapacity=4), ["Group.DesiredCapacity"], id="too many"
    ),
    pytest.param(
        group(MinSize=1, MaxSize=3, DesiredCapacity="0"), ["Group.DesiredCapacity"], id="too few"
    ),
]
UNKNOWN = [
    pytest.param(group(MinSize={"Ref": "Min"}, MaxSize="1"), ["Group.MinSize"], id="ref"),
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
