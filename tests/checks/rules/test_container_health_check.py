"""EB318."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.container_health_check import CHECK
from tests.checks.helpers import resource, verdict


def task(**check: Any) -> dict[str, Any]:
    container = {"Name": "app", "HealthCheck": {"Command": ["CMD", "true"], **check}}
    return {"Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=[container])}


def place(name: str) -> list[str]:
    return [f"Task.ContainerDefinitions.0.HealthCheck.{name}"]


GOOD = [
    pytest.param(task(), id="defaults"),
    pytest.param(task(Interval=5, Timeout=2, Retries=1, StartPeriod=0), id="least"),
    pytest.param(task(Interval="300", Timeout="60", Retries=10, StartPeriod=300), id="most"),
    pytest.param({"Task": resource("AWS::ECS::TaskDefinition")}, id="no containers"),
]
BAD = [
    pytest.param(task(**{name: value}), place(name), id=f"{name} {value}")
    for name, value in (
        ("Interval", 4),
        ("Interval", 301),
        ("Timeout", 1),
        ("Timeout", 61),
        ("Retries", 0),
        ("Retries", "11"),
        ("StartPeriod", 301),
        ("StartPeriod", -1),
    )
]
UNKNOWN = [
    pytest.param(task(StartPeriod={"Ref": "Outside"}), place("StartPeriod"), id="from outside")
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
