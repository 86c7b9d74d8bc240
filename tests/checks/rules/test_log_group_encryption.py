"""EB211. Regression: log-no-kms."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.log_group_encryption import CHECK
from tests.checks.helpers import resource, verdict


def group(**properties: Any) -> dict[str, Any]:
    return {"Logs": resource("AWS::Logs::LogGroup", **properties)}


GOOD = [
    pytest.param(group(KmsKeyId={"Fn::GetAtt": ["Key", "Arn"]}), id="key of the template"),
    pytest.param(group(KmsKeyId={"Ref": "KeyArn"}), id="key from outside"),
    pytest.param(group(KmsKeyId="arn:aws:kms:eu-west-1:123456789012:key/x"), id="ARN"),
]
BAD = [
    pytest.param(group(), ["Logs.KmsKeyId"], id="left out"),
    pytest.param(group(KmsKeyId=""), ["Logs.KmsKeyId"], id="empty"),
    pytest.param({"Logs": {"Type": "AWS::Logs::LogGroup"}}, ["Logs.KmsKeyId"], id="bare"),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])
