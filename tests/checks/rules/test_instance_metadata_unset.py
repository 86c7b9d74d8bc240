"""EB105."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.instance_metadata_unset import CHECK
from tests.checks.helpers import resource, verdict

BASE = "Template.LaunchTemplateData.MetadataOptions"


def launch_template(**options: Any) -> dict[str, Any]:
    data = {"MetadataOptions": options}
    return {"Template": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)}


GOOD = [
    pytest.param(launch_template(HttpTokens="required", HttpPutResponseHopLimit=1), id="both"),
    pytest.param(
        launch_template(HttpTokens="optional", HttpPutResponseHopLimit="2"),
        id="written, which other checks judge",
    ),
    pytest.param(launch_template(HttpEndpoint="disabled"), id="no metadata at all"),
]
BAD = [
    pytest.param(
        launch_template(HttpPutResponseHopLimit=1), [f"{BASE}.HttpTokens"], id="no tokens"
    ),
    pytest.param(
        launch_template(HttpTokens="required"), [f"{BASE}.HttpPutResponseHopLimit"], id="no limit"
    ),
    pytest.param(
        {"Template": {"Type": "AWS::EC2::LaunchTemplate"}},
        [f"{BASE}.HttpTokens", f"{BASE}.HttpPutResponseHopLimit"],
        id="nothing",
    ),
]
UNKNOWN = [
    pytest.param(
        launch_template(HttpEndpoint={"Ref": "Endpoint"}), [f"{BASE}.HttpEndpoint"], id="ref"
    ),
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
