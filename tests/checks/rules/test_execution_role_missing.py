"""EB309."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.execution_role_missing import CHECK
from tests.checks.helpers import resource, verdict


def task(*containers: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Task": resource(
            "AWS::ECS::TaskDefinition", ContainerDefinitions=list(containers), **properties
        )
    }


PLACE = ["Task.ExecutionRoleArn"]
SECRETS = [{"Name": "DB_PASSWORD", "ValueFrom": "arn:aws:ssm:::parameter/db"}]
LOGS = {"LogDriver": "awslogs"}
FARGATE = {"RequiresCompatibilities": ["FARGATE"]}
ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/hoge:1"
ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
GOOD = [
    pytest.param(task({"Name": "app"}), id="nothing to fetch"),
    pytest.param(task({"Secrets": SECRETS}, ExecutionRoleArn=ROLE), id="with a role"),
    pytest.param(task({"Secrets": SECRETS}, ExecutionRoleArn="ecs-role"), id="role by name"),
    pytest.param(task({"Secrets": []}), id="no secrets"),
    pytest.param(task({"LogConfiguration": LOGS, "Image": ECR}), id="EC2: the instance's role"),
    pytest.param(task({"Image": "public.ecr.aws/nginx/nginx:1"}, **FARGATE), id="public image"),
]
BAD = [
    pytest.param(task({"Secrets": SECRETS}), PLACE, id="secrets"),
    pytest.param(
        task({"LogConfiguration": {"SecretOptions": SECRETS}}), PLACE, id="secrets of the logs"
    ),
    pytest.param(
        task({"RepositoryCredentials": {"CredentialsParameter": "a"}}), PLACE, id="registry"
    ),
    pytest.param(task({"LogConfiguration": LOGS}, **FARGATE), PLACE, id="awslogs on Fargate"),
    pytest.param(task({"Image": ECR}, **FARGATE), PLACE, id="ECR on Fargate"),
    pytest.param(
        task({"Image": {"Fn::Sub": f"{ECR}-${{Build}}"}}, **FARGATE), PLACE, id="ECR in a Sub"
    ),
    pytest.param(task({"Secrets": SECRETS}, ExecutionRoleArn=""), PLACE, id="empty role"),
]
UNKNOWN = [
    pytest.param(
        task({"Secrets": {"Fn::If": ["A", [], []]}}),
        "Task.ContainerDefinitions.0.Secrets",
        id="secrets",
    )
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "place"), UNKNOWN)
def test_unknown(resources: dict[str, Any], place: str) -> None:
    assert verdict(CHECK, resources) == ([], [place])
