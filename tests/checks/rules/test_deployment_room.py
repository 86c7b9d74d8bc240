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


def scaled(least: Any, minimum: Any, maximum: Any) -> dict[str, Any]:
    target = resource(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        ResourceId={"Fn::Sub": "service/main/${Service.Name}"},
        MinCapacity=least,
    )
    return {**service(minimum, maximum), "Target": target}


PLACE = "Service.DeploymentConfiguration.MaximumPercent"
GOOD = [
    pytest.param(service(100, 200), id="one more first"),
    pytest.param(service(50, 100), id="one less first"),
    pytest.param(service(100, None), id="200 is the default"),
    pytest.param(service(None, 101), id="a little room"),
    pytest.param(service(100, 100, SchedulingStrategy="DAEMON"), id="daemon"),
    pytest.param(service(100, "much"), id="no number"),
    pytest.param(scaled(2, 100, 150), id="two of which one half is one"),
    pytest.param(scaled(1, 0, 100), id="the only one may stop"),
    pytest.param(scaled(1, 100, 200), id="the only one may be joined"),
    pytest.param(scaled(0, 100, 150), id="none runs"),
    pytest.param(scaled({"Ref": "Least"}, 100, 150), id="nobody knows how many"),
    pytest.param(service({"Ref": "Minimum"}, 200), id="always room"),
]
BAD = [
    pytest.param(service(100, 100), [PLACE], id="both 100"),
    pytest.param(service(None, "100"), [PLACE], id="100 is the default"),
    pytest.param(scaled(1, 100, 150), [PLACE], id="one and a half is one"),
    pytest.param(scaled(3, None, "133"), [PLACE], id="not quite four"),
    pytest.param(scaled(1, 50, 100), [PLACE], id="half of one is one"),
    pytest.param(service(100, 150, DesiredCount=1), [PLACE], id="not scaled"),
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
