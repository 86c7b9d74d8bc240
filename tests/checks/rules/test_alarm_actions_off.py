"""EB702."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.alarm_actions_off import CHECK
from tests.checks.helpers import resource, verdict


def alarm(**properties: Any) -> dict[str, Any]:
    return {"Alarm": resource("AWS::CloudWatch::Alarm", **properties)}


GOOD = [
    pytest.param(alarm(), id="left out"),
    pytest.param(alarm(ActionsEnabled=True), id="on"),
    pytest.param(alarm(ActionsEnabled="true"), id="on as text"),
]
BAD = [
    pytest.param(alarm(ActionsEnabled=False), ["Alarm.ActionsEnabled"], id="off"),
    pytest.param(alarm(ActionsEnabled="false"), ["Alarm.ActionsEnabled"], id="off as text"),
]
UNKNOWN = [pytest.param(alarm(ActionsEnabled={"Ref": "On"}), ["Alarm.ActionsEnabled"], id="ref")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
