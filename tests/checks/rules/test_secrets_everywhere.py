"""EB606. Regression: role-secrets-star."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.secrets_everywhere import CHECK
from tests.checks.helpers import resource, verdict

PLACE = "Role.Policies.0.PolicyDocument.Statement.0.Resource"


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def role(*allowed: Any, **others: Any) -> dict[str, Any]:
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": list(allowed)}}
    return {"Role": resource("AWS::IAM::Role", Policies=[policy]), **others}


GOOD = [
    pytest.param(
        role(allow("secretsmanager:GetSecretValue", {"Ref": "Secret"}), Secret={}), id="one secret"
    ),
    pytest.param(
        role(allow("ssm:GetParameters", "arn:aws:ssm:eu-west-1:1:parameter/hoge/*")), id="a prefix"
    ),
    pytest.param(role(allow("kms:Decrypt", {"Fn::GetAtt": ["Key", "Arn"]}), Key={}), id="a key"),
    pytest.param(
        role(
            allow(
                "secretsmanager:GetSecretValue",
                Condition={"StringEquals": {"secretsmanager:ResourceTag/app": "hoge"}},
            )
        ),
        id="by tag",
    ),
    pytest.param(
        role(
            allow(
                "kms:Decrypt",
                Condition={"StringEquals": {"kms:ViaService": "ssm.eu-west-1.amazonaws.com"}},
            )
        ),
        id="through one service",
    ),
    pytest.param(role(allow("secretsmanager:ListSecrets")), id="their names"),
    pytest.param(role(allow("kms:*")), id="all of KMS is the matter of EB602"),
]
BAD = [
    pytest.param(role(allow("secretsmanager:GetSecretValue")), [PLACE], id="secrets"),
    pytest.param(role(allow(["ssm:GetParameters"], ["*"])), [PLACE], id="parameters"),
    pytest.param(role(allow("ssm:Get*")), [PLACE], id="by a wildcard"),
    pytest.param(role(allow("kms:Decrypt")), [PLACE], id="keys"),
    pytest.param(
        role(
            allow(
                "secretsmanager:GetSecretValue",
                {"Fn::Sub": "arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*"},
            )
        ),
        [PLACE],
        id="every secret of the account",
    ),
    pytest.param(
        role(allow("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/*")),
        [PLACE],
        id="every parameter",
    ),
    pytest.param(
        {
            "Policy": resource(
                "AWS::IAM::Policy", PolicyDocument={"Statement": [allow("kms:Decrypt")]}
            )
        },
        ["Policy.PolicyDocument.Statement.0.Resource"],
        id="policy of its own",
    ),
]
UNKNOWN = [
    pytest.param(
        role(allow("secretsmanager:GetSecretValue", {"Ref": "SecretArn"})), [PLACE], id="outside"
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
