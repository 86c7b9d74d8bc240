"""EB115."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.rolling_update_minimum import CHECK
from tests.checks.helpers import resource, verdict

PATH = "Group.UpdatePolicy.AutoScalingRollingUpdate.MinInstancesInService"


def group(kept: Any, most: Any) -> dict[str, Any]:
    body = resource("AWS::AutoScaling::AutoScalingGroup", MinSize="0", MaxSize=most)
    body["UpdatePolicy"] = {"AutoScalingRollingUpdate": {"MinInstancesInService": kept}}
    return {"Group": body}


GOOD = [
    pytest.param(group(1, "2"), id="below"),
    pytest.param(group("0", "1"), id="none"),
    pytest.param(
        {"Group": resource("AWS::AutoScaling::AutoScalingGroup", MaxSize="1")}, id="no policy"
    ),
    pytest.param(
        {"Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "UpdatePolicy": "Rolling"}},
        id="text where a mapping belongs",
    ),
]
BAD = [
    pytest.param(group(1, "1"), [PATH], id="equal"),
    pytest.param(group("4", 2), [PATH], id="above"),
]
UNKNOWN = [
    pytest.param(group({"Ref": "Kept"}, "2"), [PATH], id="kept"),
    pytest.param(group(1, {"Ref": "Most"}), ["Group.MaxSize"], id="most"),
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
