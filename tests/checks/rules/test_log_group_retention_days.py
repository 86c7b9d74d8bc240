"""EB213."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.log_group_retention_days import CHECK
from tests.checks.helpers import resource, verdict


def group(**properties: Any) -> dict[str, Any]:
    return {"Logs": resource("AWS::Logs::LogGroup", **properties)}


PATH = "Logs.RetentionInDays"
GOOD = [
    pytest.param(group(), id="left out is the matter of EB212"),
    pytest.param(group(RetentionInDays=1), id="least"),
    pytest.param(group(RetentionInDays=3653), id="most"),
    pytest.param(group(RetentionInDays="365"), id="as text"),
]
BAD = [
    pytest.param(group(RetentionInDays=100), [PATH], id="between two"),
    pytest.param(group(RetentionInDays="45"), [PATH], id="as text"),
    pytest.param(group(RetentionInDays=0), [PATH], id="zero"),
    pytest.param(group(RetentionInDays=10_000), [PATH], id="too many"),
    pytest.param(group(RetentionInDays="forever"), [PATH], id="no number"),
]
UNKNOWN = [pytest.param(group(RetentionInDays={"Ref": "Days"}), [PATH], id="ref")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
