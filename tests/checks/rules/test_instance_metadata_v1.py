"""EB104. Regression: lt-imdsv1."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.instance_metadata_v1 import CHECK
from tests.checks.helpers import resource, verdict

BASE = "Template.LaunchTemplateData.MetadataOptions"


def launch_template(**options: Any) -> dict[str, Any]:
    data = {"MetadataOptions": options}
    return {"Template": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)}


GOOD = [
    pytest.param(launch_template(HttpTokens="required"), id="required"),
    pytest.param(launch_template(), id="left out is the matter of EB105"),
    pytest.param(
        launch_template(HttpTokens="optional", HttpEndpoint="disabled"), id="no metadata at all"
    ),
    pytest.param({"Template": {"Type": "AWS::EC2::LaunchTemplate"}}, id="no data"),
]
BAD = [
    pytest.param(launch_template(HttpTokens="optional"), [f"{BASE}.HttpTokens"], id="optional"),
    pytest.param(
        launch_template(HttpTokens="optional", HttpEndpoint="enabled"),
        [f"{BASE}.HttpTokens"],
        id="endpoint spelled out",
    ),
]
UNKNOWN = [
    pytest.param(launch_template(HttpTokens={"Ref": "Tokens"}), [f"{BASE}.HttpTokens"], id="ref"),
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
