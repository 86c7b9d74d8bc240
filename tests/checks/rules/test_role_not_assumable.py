"""EB610."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.role_not_assumable import CHECK
from tests.checks.helpers import resource, verdict


def trusting(*services: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": list(services)},
        "Action": "sts:AssumeRole",
    }
    return resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]})


def task(*services: Any, key: str = "TaskRoleArn", role: Any = None) -> dict[str, Any]:
    value = role or {"Fn::GetAtt": ["Role", "Arn"]}
    return {
        "Task": resource("AWS::ECS::TaskDefinition", **{key: value}),
        "Role": trusting(*services),
    }


def profile(*services: Any) -> dict[str, Any]:
    return {
        "Profile": resource("AWS::IAM::InstanceProfile", Roles=[{"Ref": "Role"}]),
        "Role": trusting(*services),
    }


GOOD = [
    pytest.param(task("ecs-tasks.amazonaws.com"), id="task"),
    pytest.param(task("ecs-tasks.amazonaws.com", key="ExecutionRoleArn"), id="execution"),
    pytest.param(task("ec2.amazonaws.com", "ecs-tasks.amazonaws.com"), id="one of two"),
    pytest.param(task({"Fn::Sub": "ecs-tasks.${AWS::URLSuffix}"}), id="any partition"),
    pytest.param(task("x", role="arn:aws:iam::1:role/elsewhere"), id="a role of another stack"),
    pytest.param(profile("ec2.amazonaws.com"), id="instance"),
    pytest.param(profile("ec2.amazonaws.com.cn"), id="instance in China"),
]
BAD = [
    pytest.param(task("ecs.amazonaws.com"), ["Task.TaskRoleArn"], id="ecs is not ecs-tasks"),
    pytest.param(
        task("ec2.amazonaws.com", key="ExecutionRoleArn"), ["Task.ExecutionRoleArn"], id="execution"
    ),
    pytest.param(profile("ecs-tasks.amazonaws.com"), ["Profile.Roles.0"], id="instance"),
    pytest.param(
        {**task(), "Role": {"Type": "AWS::IAM::Role"}}, ["Task.TaskRoleArn"], id="trusts nobody"
    ),
]
UNKNOWN = [
    pytest.param(
        {
            **task(),
            "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Ref": "Trust"}),
        },
        ["Task.TaskRoleArn"],
        id="trust policy",
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
