"""EB415."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.model import Platform
from ecs_blocks.checks.rules.task_subnets import CHECK
from tests.checks.helpers import resource, verdict

PLATFORM = Platform(frozenset({"subnet-public"}), frozenset({"subnet-private"}))


def service(*subnets: Any, assign: Any = "DISABLED") -> dict[str, Any]:
    network = {"AwsvpcConfiguration": {"Subnets": list(subnets), "AssignPublicIp": assign}}
    return {"Service": resource("AWS::ECS::Service", NetworkConfiguration=network)}


PLACE = "Service.NetworkConfiguration.AwsvpcConfiguration.Subnets"
GOOD = [
    pytest.param(service("subnet-private"), id="private without an address"),
    pytest.param(service("subnet-public", assign="ENABLED"), id="public with an address"),
    pytest.param({"Service": resource("AWS::ECS::Service")}, id="no network"),
]
BAD = [
    pytest.param(service("subnet-public"), [f"{PLACE}.0"], id="public without an address"),
    pytest.param(
        service("subnet-private", "subnet-public", assign="ENABLED"),
        [f"{PLACE}.0"],
        id="private with an address",
    ),
]
UNKNOWN = [
    pytest.param(service("subnet-other"), f"{PLACE}.0", id="the platform does not know it"),
    pytest.param(service({"Ref": "Subnet"}), f"{PLACE}.0", id="value"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources, PLATFORM) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources, PLATFORM) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources, PLATFORM) == ([], [place])


def test_not_checked_without_a_platform() -> None:
    assert verdict(CHECK, service("subnet-private")) == ([], [f"{PLACE}.0"])
