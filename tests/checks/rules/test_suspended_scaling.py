"""EB716. Regression: scaling-suspended."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.suspended_scaling import CHECK
from tests.checks.helpers import resource, verdict

OUT, IN, CLOCK = (
    f"{one}Suspended" for one in ("DynamicScalingOut", "DynamicScalingIn", "ScheduledScaling")
)


def target(**state: Any) -> dict[str, Any]:
    return {"Target": resource("AWS::ApplicationAutoScaling::ScalableTarget", SuspendedState=state)}


def place(name: str) -> str:
    return f"Target.SuspendedState.{name}"


GOOD = [
    pytest.param({"Target": resource("AWS::ApplicationAutoScaling::ScalableTarget")}, id="nothing"),
    pytest.param(target(**{OUT: False, IN: False, CLOCK: False}), id="said to be off"),
    pytest.param(target(**{OUT: "false"}), id="off as text"),
]
BAD = [
    pytest.param(target(**{OUT: True, IN: False}), [place(OUT)], id="out"),
    pytest.param(target(**{IN: True}), [place(IN)], id="in"),
    pytest.param(target(**{CLOCK: "true"}), [place(CLOCK)], id="the clock, as text"),
    pytest.param(target(**{OUT: True, IN: True, CLOCK: True}), [place(OUT)], id="all"),
]
UNKNOWN = [pytest.param(target(**{OUT: {"Ref": "Held"}}), [place(OUT)], id="a value")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
