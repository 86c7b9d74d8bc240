"""EB212. Regression: log-no-retention."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.log_group_retention import CHECK
from tests.checks.helpers import resource, verdict


def group(**properties: Any) -> dict[str, Any]:
    return {"Logs": resource("AWS::Logs::LogGroup", **properties)}


GOOD = [
    pytest.param(group(RetentionInDays=30), id="number"),
    pytest.param(group(RetentionInDays={"Ref": "Days"}), id="chosen elsewhere"),
    pytest.param(group(LogGroupClass="DELIVERY"), id="a class with retention of its own"),
]
BAD = [
    pytest.param(group(), ["Logs.RetentionInDays"], id="left out"),
    pytest.param(
        group(LogGroupClass="INFREQUENT_ACCESS"), ["Logs.RetentionInDays"], id="cheap, but for ever"
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])
