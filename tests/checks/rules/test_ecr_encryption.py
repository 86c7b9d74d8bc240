"""EB202. Regression: ecr-aes256; harmless: ecr-kms-dsse."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.ecr_encryption import CHECK
from tests.checks.helpers import resource, verdict


def repository(**properties: Any) -> dict[str, Any]:
    return {"Images": resource("AWS::ECR::Repository", **properties)}


PATH = "Images.EncryptionConfiguration.EncryptionType"


def encrypted(kind: Any, **more: Any) -> dict[str, Any]:
    return repository(EncryptionConfiguration={"EncryptionType": kind, **more})


GOOD = [
    pytest.param(encrypted("KMS"), id="kms"),
    pytest.param(encrypted("KMS", KmsKey={"Ref": "Key"}), id="own key"),
    pytest.param(encrypted("KMS_DSSE"), id="twice"),
]
BAD = [
    pytest.param(repository(), [PATH], id="left out"),
    pytest.param(encrypted("AES256"), [PATH], id="aes"),
    pytest.param(repository(EncryptionConfiguration={}), [PATH], id="empty"),
]
UNKNOWN = [pytest.param(encrypted({"Ref": "Kind"}), [PATH], id="ref")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
