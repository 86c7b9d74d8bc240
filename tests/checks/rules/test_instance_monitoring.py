"""EB108. Regression: lt-no-monitoring."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.instance_monitoring import CHECK
from tests.checks.helpers import resource, verdict

PATH = "Template.LaunchTemplateData.Monitoring.Enabled"


def launch_template(**data: Any) -> dict[str, Any]:
    return {"Template": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)}


GOOD = [
    pytest.param(launch_template(Monitoring={"Enabled": True}), id="on"),
    pytest.param(launch_template(Monitoring={"Enabled": "true"}), id="as text"),
]
BAD = [
    pytest.param(launch_template(), [PATH], id="left out"),
    pytest.param(launch_template(Monitoring={"Enabled": False}), [PATH], id="off"),
    pytest.param(launch_template(Monitoring="yes"), [PATH], id="text where a mapping belongs"),
]
UNKNOWN = [
    pytest.param(launch_template(Monitoring={"Enabled": {"Ref": "Detailed"}}), [PATH], id="ref"),
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
