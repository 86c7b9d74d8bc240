"""EB106. Regression: lt-hop2."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.instance_metadata_hops import CHECK
from tests.checks.helpers import resource, verdict

BASE = "Template.LaunchTemplateData.MetadataOptions"


def launch_template(**options: Any) -> dict[str, Any]:
    data = {"MetadataOptions": options}
    return {"Template": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)}


LIMIT = f"{BASE}.HttpPutResponseHopLimit"
GOOD = [
    pytest.param(launch_template(HttpPutResponseHopLimit=1), id="one"),
    pytest.param(launch_template(HttpPutResponseHopLimit="1"), id="one as text"),
    pytest.param(launch_template(), id="left out is the matter of EB105"),
    pytest.param(
        launch_template(HttpPutResponseHopLimit=2, HttpEndpoint="disabled"), id="no metadata at all"
    ),
    pytest.param(launch_template(HttpPutResponseHopLimit="many"), id="no number"),
]
BAD = [
    pytest.param(launch_template(HttpPutResponseHopLimit=2), [LIMIT], id="two, as guides say"),
    pytest.param(launch_template(HttpPutResponseHopLimit="2"), [LIMIT], id="two as text"),
    pytest.param(launch_template(HttpPutResponseHopLimit=64), [LIMIT], id="the most"),
]
UNKNOWN = [
    pytest.param(launch_template(HttpPutResponseHopLimit={"Ref": "Hops"}), [LIMIT], id="ref"),
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
