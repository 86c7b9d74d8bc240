"""EB222."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.topic_default_key import CHECK
from tests.checks.helpers import resource, verdict

TOPIC = {"Ref": "Topic"}


def template(key: Any = None, **others: Any) -> dict[str, Any]:
    properties = {} if key is None else {"KmsMasterKeyId": key}
    return {"Topic": resource("AWS::SNS::Topic", **properties), **others}


PATH = "Topic.KmsMasterKeyId"


def alarm(**actions: Any) -> dict[str, Any]:
    return resource("AWS::CloudWatch::Alarm", **actions)


GOOD = [
    pytest.param(template("alias/aws/sns"), id="nobody of this template publishes"),
    pytest.param(template(Alarm=alarm(AlarmActions=[TOPIC])), id="no encryption"),
    pytest.param(template("alias/own", Alarm=alarm(AlarmActions=[TOPIC])), id="own key"),
    pytest.param(
        template({"Ref": "Key"}, Key=resource("AWS::KMS::Key"), Alarm=alarm(OKActions=[TOPIC])),
        id="own key by reference",
    ),
    pytest.param(
        template("alias/aws/sns", Alarm=alarm(AlarmActions=["arn:aws:sns:eu-west-1:1:other"])),
        id="another topic",
    ),
]
BAD = [
    pytest.param(template("alias/aws/sns", Alarm=alarm(AlarmActions=[TOPIC])), [PATH], id="alarm"),
    pytest.param(
        template("alias/aws/sns", Alarm=alarm(OKActions=TOPIC)), [PATH], id="one, no list"
    ),
    pytest.param(
        template(
            {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/sns"},
            Alarm=alarm(InsufficientDataActions=[{"Fn::GetAtt": ["Topic", "TopicArn"]}]),
        ),
        [PATH],
        id="the alias by its ARN",
    ),
    pytest.param(
        template(
            "alias/aws/sns",
            Composite=resource("AWS::CloudWatch::CompositeAlarm", AlarmActions=[TOPIC]),
            Rule=resource("AWS::Events::Rule", Targets=[{"Arn": TOPIC, "Id": "a"}]),
        ),
        [PATH, PATH],
        id="composite alarm and rule",
    ),
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
