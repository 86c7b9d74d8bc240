"""EB602."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.everything_allowed import CHECK
from tests.checks.helpers import resource, verdict

RESOURCE = "Role.Policies.0.PolicyDocument.Statement.0.Resource"
ACTION = "Role.Policies.0.PolicyDocument.Statement.0.Action"


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def role(*allowed: Any, **others: Any) -> dict[str, Any]:
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": list(allowed)}}
    return {"Role": resource("AWS::IAM::Role", Policies=[policy]), **others}


GOOD = [
    pytest.param(role(allow(["s3:GetObject", "logs:PutLogEvents"])), id="single actions"),
    pytest.param(role(allow("s3:*", "arn:aws:s3:::bucket/*")), id="one bucket"),
    pytest.param(
        role(allow("dynamodb:*", {"Fn::GetAtt": ["Table", "Arn"]}), Table={}), id="a table"
    ),
    pytest.param(role(allow("sqs:*", "arn:aws:sqs:eu-west-1:1:hoge-*")), id="a prefix"),
    pytest.param(role(allow("ssmmessages:*")), id="nothing in it can be limited"),
    pytest.param(
        role(allow("ec2:*", Condition={"StringEquals": {"ec2:ResourceTag/a": "b"}})), id="tag"
    ),
    pytest.param(role({"Effect": "Deny", "Action": "*", "Resource": "*"}), id="deny"),
    pytest.param(
        {"Role": resource("AWS::IAM::Role", ManagedPolicyArns=["arn:aws:iam::aws:policy/Billing"])},
        id="another policy of AWS",
    ),
]
BAD = [
    pytest.param(role(allow("*")), [ACTION], id="everything"),
    pytest.param(role(allow("s3:*")), [ACTION], id="a service"),
    pytest.param(role(allow(["logs:PutLogEvents", "ecs:*"], ["*"])), [ACTION], id="in lists"),
    pytest.param(role(allow("logs:*", "arn:aws:logs:*:*:*")), [ACTION], id="the long way"),
    pytest.param(role(allow("s3:*", "arn:aws:s3:::*")), [ACTION], id="every bucket"),
    pytest.param(
        role(allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}})),
        [ACTION],
        id="a condition that says nothing of what",
    ),
    pytest.param(
        role({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), [ACTION], id="not action"
    ),
    pytest.param(
        role({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::a"}),
        [ACTION],
        id="not resource",
    ),
    pytest.param(
        {"Policy": resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": allow("*")})},
        ["Policy.PolicyDocument.Statement.0.Action"],
        id="managed policy with one statement",
    ),
    pytest.param(
        {
            "Role": resource(
                "AWS::IAM::Role", ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]
            )
        },
        ["Role.ManagedPolicyArns.0"],
        id="administrator",
    ),
]
UNKNOWN = [
    pytest.param(role(allow({"Ref": "Actions"})), [ACTION], id="actions"),
    pytest.param(
        role(allow("s3:*", {"Ref": "BucketArn"})),
        [ACTION.replace("Action", "Resource")],
        id="resource",
    ),
    pytest.param(
        role({"Fn::If": ["A", {}, {}]}),
        ["Role.Policies.0.PolicyDocument.Statement.0"],
        id="statement",
    ),
    pytest.param(
        role(allow("s3:*", Condition={"Fn::If": ["A", {}, {}]})),
        [ACTION.replace("Action", "Condition")],
        id="condition",
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
