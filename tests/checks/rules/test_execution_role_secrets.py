"""EB613."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.execution_role_secrets import CHECK
from tests.checks.helpers import resource, verdict


def allow(actions: Any, resources: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def template(container: dict[str, Any], *allowed: Any, **others: Any) -> dict[str, Any]:
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": list(allowed)}}
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition",
            ExecutionRoleArn={"Fn::GetAtt": ["Role", "Arn"]},
            ContainerDefinitions=[container],
        ),
        "Role": resource("AWS::IAM::Role", Policies=[policy]),
        **others,
    }


def with_policies(resources: dict[str, Any], *arns: Any) -> dict[str, Any]:
    return {**resources, "Role": resource("AWS::IAM::Role", ManagedPolicyArns=list(arns))}


BASIC = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"

SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hoge/db"
PLACE = "Task.ContainerDefinitions.0.Secrets.0.ValueFrom"
SECRET: dict[str, Any] = {"Secret": resource("AWS::SecretsManager::Secret", Name="hoge/db")}
PARAMETER: dict[str, Any] = {"Parameter": resource("AWS::SSM::Parameter", Name="/hoge/key")}
GET = "secretsmanager:GetSecretValue"


def secret(value: Any) -> dict[str, Any]:
    return {"Secrets": [{"Name": "PASSWORD", "ValueFrom": value}]}


def parameter(name: str) -> str:
    return f"arn:aws:ssm:eu-west-1:123456789012:parameter/{name}"


GOOD = [
    pytest.param(
        template(secret({"Ref": "Secret"}), allow(GET, {"Ref": "Secret"}), **SECRET), id="ref"
    ),
    pytest.param(
        template(
            secret({"Fn::Sub": "${Secret}:password::"}), allow(GET, {"Ref": "Secret"}), **SECRET
        ),
        id="a key of it",
    ),
    pytest.param(
        template(secret({"Ref": "Secret"}), allow(GET, f"{SECRET_ARN}-??????"), **SECRET),
        id="by hand",
    ),
    pytest.param(
        template(secret(f"{SECRET_ARN}-a1B2c3:password::"), allow(GET, f"{SECRET_ARN}-a1B2c3")),
        id="full ARN",
    ),
    pytest.param(
        template(secret(SECRET_ARN), allow(GET, f"{SECRET_ARN}-*")), id="ARN without its ending"
    ),
    pytest.param(
        template(secret("/hoge/key"), allow("ssm:GetParameters", parameter("hoge/key"))), id="name"
    ),
    pytest.param(
        template(secret("key"), allow("ssm:GetParameters", parameter("key"))),
        id="name without path",
    ),
    pytest.param(
        template(secret(parameter("a/b")), allow("ssm:GetParameters", parameter("a/*"))),
        id="prefix",
    ),
    pytest.param(
        template(
            secret({"Ref": "Parameter"}),
            allow(
                "ssm:GetParameters", {"Fn::Sub": "arn:aws:ssm:eu-west-1:1:parameter${Parameter}"}
            ),
            **PARAMETER,
        ),
        id="parameter of the template",
    ),
    pytest.param(template({"Name": "app"}), id="no secrets"),
]
BAD = [
    pytest.param(template(secret({"Ref": "Secret"}), **SECRET), [PLACE], id="nothing allowed"),
    pytest.param(
        template(secret("/hoge/key"), allow("ssm:GetParameter", "*")), [PLACE], id="the singular"
    ),
    pytest.param(
        template(secret("/hoge/key"), allow("ssm:GetParameters", parameter("piyo/*"))),
        [PLACE],
        id="another path",
    ),
    pytest.param(
        template(secret(f"{SECRET_ARN}-a1B2c3"), allow("ssm:GetParameters", "*")),
        [PLACE],
        id="kind",
    ),
    pytest.param(
        with_policies(template(secret("/hoge/key")), BASIC),
        [PLACE],
        id="AWS's policy has no secrets",
    ),
    pytest.param(
        template({"RepositoryCredentials": {"CredentialsParameter": f"{SECRET_ARN}-a1B2c3"}}),
        ["Task.ContainerDefinitions.0.RepositoryCredentials.CredentialsParameter"],
        id="credentials of a registry",
    ),
    pytest.param(
        template({"LogConfiguration": {"SecretOptions": [{"Name": "k", "ValueFrom": "/log/key"}]}}),
        ["Task.ContainerDefinitions.0.LogConfiguration.SecretOptions.0.ValueFrom"],
        id="option of the log driver",
    ),
]
UNKNOWN = [
    pytest.param(template(secret({"Ref": "SecretArn"})), [PLACE], id="from outside"),
    pytest.param(template(secret({"Fn::Sub": "${SecretArn}:key::"})), [PLACE], id="a key of it"),
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
