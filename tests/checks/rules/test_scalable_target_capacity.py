"""EB712."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.scalable_target_capacity import CHECK
from tests.checks.helpers import resource, verdict


def target(least: Any, most: Any) -> dict[str, Any]:
    return {
        "Target": resource(
            "AWS::ApplicationAutoScaling::ScalableTarget", MinCapacity=least, MaxCapacity=most
        )
    }


GOOD = [
    pytest.param(target(1, 4), id="rising"),
    pytest.param(target(2, 2), id="equal, which turns scaling off"),
    pytest.param(target(0, 0), id="stopped"),
    pytest.param(target("9", "10"), id="compared as numbers"),
    pytest.param(target("few", 1), id="no number"),
]
BAD = [
    pytest.param(target(4, 1), ["Target.MaxCapacity"], id="falling"),
    pytest.param(target("10", "9"), ["Target.MaxCapacity"], id="as text"),
    pytest.param(target(-1, 1), ["Target.MinCapacity"], id="below zero"),
]
UNKNOWN = [pytest.param(target({"Ref": "Min"}, 1), ["Target.MinCapacity"], id="ref")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
