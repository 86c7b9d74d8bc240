"""EB223. Regression: sns-no-tls-policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_blocks.checks.rules.topic_tls import CHECK
from tests.checks.helpers import resource, verdict


def deny(**changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        **changes,
    }
    return {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}, statement]}


def template(document: Any, topics: Any = None) -> dict[str, Any]:
    return {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Policy": resource(
            "AWS::SNS::TopicPolicy", Topics=topics or [{"Ref": "Topic"}], PolicyDocument=document
        ),
    }


GOOD = [
    pytest.param(template(deny()), id="deny"),
    pytest.param(template(deny(Principal={"AWS": "*"})), id="everyone, the longer way"),
    pytest.param(template(deny(Action=["SNS:Publish", "sns:GetTopicAttributes"])), id="actions"),
    pytest.param(template(deny(Action="sns:*")), id="every action"),
    pytest.param(template(deny(Condition={"Bool": {"AWS:SecureTransport": False}})), id="boolean"),
    pytest.param(template(json.dumps(deny())), id="document as text"),
    pytest.param(
        {
            "Topic": {"Type": "AWS::SNS::Topic"},
            "Policy": resource(
                "AWS::SNS::TopicInlinePolicy", TopicArn={"Ref": "Topic"}, PolicyDocument=deny()
            ),
        },
        id="inline policy",
    ),
]
BAD = [
    pytest.param({"Topic": {"Type": "AWS::SNS::Topic"}}, ["Topic"], id="no policy"),
    pytest.param(template(deny(), ["arn:aws:sns:eu-west-1:1:x"]), ["Topic"], id="another topic"),
    pytest.param(template({"Statement": []}), ["Topic"], id="no statement"),
    pytest.param(template(deny(Effect="Allow")), ["Topic"], id="allow"),
    pytest.param(template(deny(Principal={"AWS": "arn:aws:iam::1:root"})), ["Topic"], id="for one"),
    pytest.param(template(deny(Action="sns:Subscribe")), ["Topic"], id="another action"),
    pytest.param(
        template(deny(Condition={"Bool": {"aws:SecureTransport": "true"}})),
        ["Topic"],
        id="reversed",
    ),
    pytest.param(
        template(
            deny(Condition={"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"a": "b"}})
        ),
        ["Topic"],
        id="only with more conditions",
    ),
    pytest.param(template("{nope"), ["Topic"], id="no JSON"),
]
UNKNOWN = [
    pytest.param(template({"Fn::If": ["A", {}, {}]}), ["Topic.PolicyDocument"], id="document"),
    pytest.param(
        template({"Statement": [{"Fn::If": ["A", {}, {}]}]}),
        ["Topic.PolicyDocument.Statement.0"],
        id="statement",
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
