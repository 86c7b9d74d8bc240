"""EB231."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.bucket_public_access import CHECK
from tests.checks.helpers import resource, verdict

SWITCHES = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
PATH = "Bucket.PublicAccessBlockConfiguration"


def bucket(**switches: Any) -> dict[str, Any]:
    return {"Bucket": resource("AWS::S3::Bucket", PublicAccessBlockConfiguration=switches)}


ALL_ON: dict[str, Any] = dict.fromkeys(SWITCHES, True)
GOOD = [
    pytest.param(bucket(**ALL_ON), id="all on"),
    pytest.param(bucket(**dict.fromkeys(SWITCHES, "true")), id="as text"),
]
BAD = [
    pytest.param({"Bucket": {"Type": "AWS::S3::Bucket"}}, [PATH], id="left out"),
    pytest.param(bucket(), [PATH], id="empty"),
    pytest.param(bucket(**(ALL_ON | {"BlockPublicPolicy": False})), [PATH], id="one off"),
    pytest.param(bucket(BlockPublicAcls=True, IgnorePublicAcls=True), [PATH], id="two missing"),
]
UNKNOWN = [
    pytest.param(
        bucket(**(ALL_ON | {"BlockPublicAcls": {"Ref": "Block"}})),
        [f"{PATH}.BlockPublicAcls"],
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
