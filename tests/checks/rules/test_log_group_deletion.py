"""EB214. Regression: log-delete, log-deletionpolicy-only."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.log_group_deletion import CHECK
from tests.checks.helpers import resource, verdict


def group(**attributes: Any) -> dict[str, Any]:
    return {"Logs": {**resource("AWS::Logs::LogGroup"), **attributes}}


GOOD = [
    pytest.param(group(DeletionPolicy="Retain", UpdateReplacePolicy="Retain"), id="retain"),
    pytest.param(
        group(DeletionPolicy="RetainExceptOnCreate", UpdateReplacePolicy="Retain"),
        id="but not after a failed create",
    ),
]
BAD = [
    pytest.param(group(), ["Logs.DeletionPolicy", "Logs.UpdateReplacePolicy"], id="left out"),
    pytest.param(
        group(DeletionPolicy="Delete", UpdateReplacePolicy="Delete"),
        ["Logs.DeletionPolicy", "Logs.UpdateReplacePolicy"],
        id="delete",
    ),
    pytest.param(group(DeletionPolicy="Retain"), ["Logs.UpdateReplacePolicy"], id="only one"),
    pytest.param(group(UpdateReplacePolicy="Retain"), ["Logs.DeletionPolicy"], id="only the other"),
    pytest.param(
        group(DeletionPolicy="Retain", UpdateReplacePolicy="RetainExceptOnCreate"),
        ["Logs.UpdateReplacePolicy"],
        id="no such policy for a replacement",
    ),
]
UNKNOWN = [
    pytest.param(
        group(DeletionPolicy={"Ref": "Policy"}, UpdateReplacePolicy="Retain"),
        ["Logs.DeletionPolicy"],
        id="ref",
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
