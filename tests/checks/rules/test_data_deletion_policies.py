"""EB241."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.data_deletion_policies import CHECK
from tests.checks.helpers import resource, verdict


def holder(type_: str, **attributes: Any) -> dict[str, Any]:
    return {"Data": {**resource(type_), **attributes}}


BOTH = ["Data.DeletionPolicy", "Data.UpdateReplacePolicy"]
RETAIN = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
DELETE = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
GOOD = [
    pytest.param(holder("AWS::ECR::Repository", **RETAIN), id="repository"),
    pytest.param(
        holder(
            "AWS::ECR::Repository",
            DeletionPolicy="RetainExceptOnCreate",
            UpdateReplacePolicy="Retain",
        ),
        id="but not after a failed create",
    ),
    pytest.param(holder("AWS::S3::Bucket", **DELETE), id="bucket that may go"),
    pytest.param(holder("AWS::KMS::Key", **RETAIN), id="key"),
    pytest.param(holder("AWS::SNS::Topic"), id="holds no data"),
]
BAD = [
    pytest.param(holder("AWS::ECR::Repository"), BOTH, id="repository"),
    pytest.param(holder("AWS::ECR::Repository", **DELETE), BOTH, id="repository that is deleted"),
    pytest.param(holder("AWS::S3::Bucket"), BOTH, id="bucket"),
    pytest.param(holder("AWS::KMS::Key", DeletionPolicy="Retain"), BOTH[1:], id="key, only one"),
    pytest.param(holder("AWS::EFS::FileSystem"), BOTH, id="file system"),
    pytest.param(holder("AWS::SecretsManager::Secret"), BOTH, id="secret"),
]
UNKNOWN = [
    pytest.param(holder("AWS::S3::Bucket", DeletionPolicy={"Ref": "Policy"}), BOTH[:1], id="ref"),
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
