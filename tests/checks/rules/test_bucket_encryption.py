"""EB232."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.bucket_encryption import CHECK
from tests.checks.helpers import resource, verdict

PATH = "Bucket.BucketEncryption.ServerSideEncryptionConfiguration"


def bucket(**properties: Any) -> dict[str, Any]:
    return {"Bucket": resource("AWS::S3::Bucket", **properties)}


def encryption(rules: Any) -> dict[str, Any]:
    return bucket(BucketEncryption={"ServerSideEncryptionConfiguration": rules})


GOOD = [
    pytest.param(
        encryption([{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]), id="AES256"
    ),
    pytest.param(
        encryption([{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]), id="KMS"
    ),
]
BAD = [
    pytest.param(bucket(), [PATH], id="left out"),
    pytest.param(encryption([]), [PATH], id="empty"),
]
UNKNOWN = [pytest.param(encryption({"Fn::If": ["A", [], []]}), [PATH], id="if")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
