"""EB408."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.deployment_room import CHECK
from tests.checks.helpers import resource, verdict


def service(minimum: Any, maximum: Any, **properties: Any) -> dict[str, Any]:
    percent = {"MinimumHealthyPercent": minimum, "MaximumPercent": maximum}
    percent = {name: value for name, value in percent.items() if value is not None}
    return {"Service": resource("AWS::ECS::Service", DeploymentConfiguration=percent, **properties)}


PLACE = "Service.DeploymentConfiguration.MaximumPercent"
GOOD = [
    pytest.param(service(100, 200), id="one more first"),
    pytest.param(service(50, 100), id="one less first"),
    pytest.param(service(100, None), id="200 is the default"),
    pytest.param(service(None, 101), id="a little room"),
    pytest.param(service(100, 100, SchedulingStrategy="DAEMON"), id="daemon"),
    pytest.param(service(100, "much"), id="no number"),
]
BAD = [
    pytest.param(service(100, 100), [PLACE], id="both 100"),
    pytest.param(service(None, "100"), [PLACE], id="100 is the default"),
]
UNKNOWN = [pytest.param(service(100, {"Ref": "Maximum"}), PLACE, id="value")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
