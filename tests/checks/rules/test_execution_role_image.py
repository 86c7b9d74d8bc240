"""EB612."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.execution_role_image import CHECK
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

PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
PLACE = "Task.ContainerDefinitions.0.Image"
REPOSITORY: dict[str, Any] = {"Images": resource("AWS::ECR::Repository", RepositoryName="hoge")}
TOKEN = allow("ecr:GetAuthorizationToken", "*")
OURS = {"Image": {"Fn::Sub": "${Images.RepositoryUri}:v1"}}
ATTRIBUTE = {"Fn::GetAtt": ["Images", "Arn"]}
URL = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/hoge"
ARN = "arn:aws:ecr:eu-west-1:123456789012:repository/hoge"


def image(text: Any) -> dict[str, Any]:
    return {"Image": text}


GOOD = [
    pytest.param(template(OURS, TOKEN, allow(PULL, ATTRIBUTE), **REPOSITORY), id="repository"),
    pytest.param(
        template(OURS, TOKEN, allow(PULL[:2], ATTRIBUTE), **REPOSITORY), id="all it takes"
    ),
    pytest.param(template(OURS, TOKEN, allow(PULL, ARN), **REPOSITORY), id="by hand"),
    pytest.param(template(image(f"{URL}:v1"), TOKEN, allow(PULL, ARN)), id="text"),
    pytest.param(template(image(f"{URL}@sha256:0"), TOKEN, allow(PULL, ARN)), id="digest"),
    pytest.param(template(image(f"{URL}/web:v1"), TOKEN, allow(PULL, f"{ARN}/*")), id="a prefix"),
    pytest.param(
        template(
            image({"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/hoge:1"}),
            TOKEN,
            allow(
                PULL, {"Fn::Sub": "arn:aws:ecr:${AWS::Region}:${AWS::AccountId}:repository/hoge"}
            ),
        ),
        id="of any account",
    ),
    pytest.param(template(image("public.ecr.aws/nginx/nginx:1")), id="public"),
    pytest.param(template(image("nginx:1")), id="Docker Hub"),
    pytest.param(with_policies(template(image(f"{URL}:v1")), BASIC), id="policy of AWS"),
]
BAD = [
    pytest.param(template(OURS, **REPOSITORY), [PLACE, PLACE], id="nothing allowed"),
    pytest.param(template(OURS, allow(PULL, ATTRIBUTE), **REPOSITORY), [PLACE], id="no token"),
    pytest.param(
        template(OURS, allow(["ecr:GetAuthorizationToken", *PULL], ATTRIBUTE), **REPOSITORY),
        [PLACE],
        id="token on the repository, where it has no effect",
    ),
    pytest.param(
        template(image(f"{URL}:v1"), TOKEN, allow(PULL, ARN.replace("hoge", "piyo"))),
        [PLACE],
        id="another repository",
    ),
    pytest.param(
        template(image(f"{URL}:v1"), TOKEN, allow(PULL[:1], ARN)), [PLACE], id="no layers"
    ),
]
UNKNOWN = [
    pytest.param(template(image({"Ref": "Image"})), [PLACE], id="image from outside"),
    pytest.param(template(image({"Fn::Sub": "${Url}:${Tag}"})), [PLACE], id="URL from outside"),
    pytest.param(
        with_policies(template(OURS, **REPOSITORY), "arn:aws:iam::1:policy/own"),
        ["Task.ExecutionRoleArn"],
        id="own policy",
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
