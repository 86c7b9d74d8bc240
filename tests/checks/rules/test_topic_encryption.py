"""EB221. Regression: sns-no-kms."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.topic_encryption import CHECK
from tests.checks.helpers import resource, verdict

TOPIC = {"Ref": "Topic"}


def template(key: Any = None, **others: Any) -> dict[str, Any]:
    properties = {} if key is None else {"KmsMasterKeyId": key}
    return {"Topic": resource("AWS::SNS::Topic", **properties), **others}


ALARM = resource("AWS::CloudWatch::Alarm", AlarmActions=[TOPIC])
KEY = {"Key": resource("AWS::KMS::Key")}
PATH = "Topic.KmsMasterKeyId"
GOOD = [
    pytest.param(template({"Ref": "Key"}, **KEY), id="own key"),
    pytest.param(template({"Fn::GetAtt": ["Key", "Arn"]}, **KEY), id="own key by its ARN"),
    pytest.param(template("alias/alarms"), id="own alias"),
    pytest.param(
        template("alias/aws/sns", Alarm=ALARM), id="with an alarm it is the matter of EB222"
    ),
]
BAD = [
    pytest.param(template(), [PATH], id="left out"),
    pytest.param(template(""), [PATH], id="empty"),
    pytest.param(template("alias/aws/sns"), [PATH], id="key of AWS"),
]
UNKNOWN = [pytest.param(template({"Ref": "KeyId"}), [PATH], id="key from outside")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
