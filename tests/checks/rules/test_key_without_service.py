"""EB215."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.key_without_service import CHECK
from tests.checks.helpers import resource, verdict

ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"}, "Action": "kms:*"}
KEY = {"Fn::GetAtt": ["Key", "Arn"]}
TOPIC = {"Ref": "Topic"}


def key(*services: Any, actions: Any = ("kms:Decrypt", "kms:GenerateDataKey*")) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": list(services)},
        "Action": list(actions),
    }
    policy = {"Statement": [ROOT, statement] if services else [ROOT]}
    return {"Key": resource("AWS::KMS::Key", KeyPolicy=policy)}


def logs(keys: dict[str, Any], used: Any = KEY) -> dict[str, Any]:
    return {"Logs": resource("AWS::Logs::LogGroup", KmsKeyId=used), **keys}


def topic(keys: dict[str, Any], **publishers: Any) -> dict[str, Any]:
    return {
        "Topic": resource("AWS::SNS::Topic", KmsMasterKeyId={"Ref": "Key"}),
        **keys,
        **publishers,
    }


ALARM = resource("AWS::CloudWatch::Alarm", AlarmActions=[TOPIC])
RULE = resource("AWS::Events::Rule", Targets=[{"Id": "a", "Arn": TOPIC}])
LOGS = {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}
GOOD = [
    pytest.param(logs(key(LOGS)), id="logs"),
    pytest.param(logs(key("logs.eu-west-1.amazonaws.com", actions=["kms:*"])), id="all of KMS"),
    pytest.param(logs({}, "arn:aws:kms:eu-west-1:1:key/x"), id="key of another stack"),
    pytest.param(topic(key()), id="nobody publishes"),
    pytest.param(topic(key("cloudwatch.amazonaws.com"), Alarm=ALARM), id="alarm"),
    pytest.param(
        topic(key("cloudwatch.amazonaws.com", "events.amazonaws.com"), Alarm=ALARM, Rule=RULE),
        id="alarm and rule",
    ),
    pytest.param({"Logs": resource("AWS::Logs::LogGroup")}, id="no key"),
]
BAD = [
    pytest.param(logs(key()), ["Logs.KmsKeyId"], id="only the account"),
    pytest.param(logs({"Key": resource("AWS::KMS::Key")}), ["Logs.KmsKeyId"], id="no policy"),
    pytest.param(logs(key("cloudwatch.amazonaws.com")), ["Logs.KmsKeyId"], id="another service"),
    pytest.param(logs(key(LOGS, actions=["kms:Decrypt"])), ["Logs.KmsKeyId"], id="reading only"),
    pytest.param(
        logs(
            {**key(), "Alias": resource("AWS::KMS::Alias", TargetKeyId={"Ref": "Key"})},
            {"Ref": "Alias"},
        ),
        ["Logs.KmsKeyId"],
        id="by its alias",
    ),
    pytest.param(topic(key(), Alarm=ALARM), ["Topic.KmsMasterKeyId"], id="alarm"),
    pytest.param(
        topic(key("cloudwatch.amazonaws.com"), Alarm=ALARM, Rule=RULE),
        ["Topic.KmsMasterKeyId"],
        id="alarm but no rule",
    ),
]
UNKNOWN = [
    pytest.param(
        logs({"Key": resource("AWS::KMS::Key", KeyPolicy={"Fn::If": ["A", {}, {}]})}),
        ["Logs.KmsKeyId"],
        id="policy",
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
