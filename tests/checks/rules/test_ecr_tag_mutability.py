"""EB201. Regression: ecr-mutable; harmless: ecr-immutable-with-exclusion."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.ecr_tag_mutability import CHECK
from tests.checks.helpers import resource, verdict


def repository(**properties: Any) -> dict[str, Any]:
    return {"Images": resource("AWS::ECR::Repository", **properties)}


PATH = "Images.ImageTagMutability"
FILTERS = "Images.ImageTagMutabilityExclusionFilters"


def excluding(setting: str, *patterns: Any) -> dict[str, Any]:
    key = "ImageTagMutabilityExclusionFilter"
    filters = [{f"{key}Type": "WILDCARD", f"{key}Value": pattern} for pattern in patterns]
    return repository(ImageTagMutability=setting, ImageTagMutabilityExclusionFilters=filters)


GOOD = [
    pytest.param(repository(ImageTagMutability="IMMUTABLE"), id="immutable"),
    pytest.param(excluding("IMMUTABLE_WITH_EXCLUSION", "latest"), id="but for latest"),
    pytest.param(excluding("IMMUTABLE_WITH_EXCLUSION", "dev-*"), id="but for a pattern"),
    pytest.param(excluding("MUTABLE_WITH_EXCLUSION", "*"), id="everything excluded from mutable"),
]
BAD = [
    pytest.param(repository(), [PATH], id="left out"),
    pytest.param(repository(ImageTagMutability="MUTABLE"), [PATH], id="mutable"),
    pytest.param(excluding("MUTABLE_WITH_EXCLUSION", "v*"), [PATH], id="mutable but for v*"),
    pytest.param(
        excluding("IMMUTABLE_WITH_EXCLUSION", "*"), [FILTERS], id="immutable but for everything"
    ),
]
UNKNOWN = [
    pytest.param(repository(ImageTagMutability={"Ref": "Mutability"}), [PATH], id="ref"),
    pytest.param(
        excluding("IMMUTABLE_WITH_EXCLUSION", {"Ref": "Pattern"}),
        [f"{FILTERS}.0.ImageTagMutabilityExclusionFilterValue"],
        id="filter",
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
