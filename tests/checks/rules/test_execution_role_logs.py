"""EB611."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.execution_role_logs import CHECK
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

BOTH = ["logs:CreateLogStream", "logs:PutLogEvents"]
PLACE = "Task.ContainerDefinitions.0.LogConfiguration.Options.awslogs-group"
ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:"
ATTRIBUTE = {"Fn::GetAtt": ["Group", "Arn"]}
GROUP: dict[str, Any] = {"Group": resource("AWS::Logs::LogGroup", LogGroupName="/ecs/web")}
NAMELESS: dict[str, Any] = {"Group": resource("AWS::Logs::LogGroup")}


def logging(group: Any, driver: str = "awslogs", **options: Any) -> dict[str, Any]:
    return {
        "LogConfiguration": {"LogDriver": driver, "Options": {"awslogs-group": group, **options}}
    }


OURS = logging({"Ref": "Group"})
GOOD = [
    pytest.param(template(OURS, allow(BOTH, ATTRIBUTE), **GROUP), id="attribute"),
    pytest.param(template(OURS, allow(BOTH, ATTRIBUTE), **NAMELESS), id="a group without a name"),
    pytest.param(
        template(OURS, allow(BOTH, {"Fn::Sub": "${Group.Arn}:log-stream:*"}), **GROUP), id="streams"
    ),
    pytest.param(template(OURS, allow(BOTH, f"{ARN}/ecs/web:*"), **GROUP), id="by hand"),
    pytest.param(
        template(
            OURS,
            allow(BOTH, {"Fn::Sub": "arn:aws:logs:${AWS::Region}:1:log-group:${Group}:*"}),
            **GROUP,
        ),
        id="by its name",
    ),
    pytest.param(template(logging("/ecs/web"), allow(BOTH, ATTRIBUTE), **GROUP), id="named alike"),
    pytest.param(template(OURS, allow("logs:*", "*"), **GROUP), id="everything"),
    pytest.param(template(logging("/x", "json-file")), id="another driver"),
    pytest.param(with_policies(template(OURS, **GROUP), BASIC), id="policy of AWS"),
    pytest.param(
        template(
            OURS,
            **GROUP,
            Policy=resource(
                "AWS::IAM::Policy",
                Roles=[{"Ref": "Role"}],
                PolicyDocument={"Statement": allow(BOTH, ATTRIBUTE)},
            ),
        ),
        id="policy of its own",
    ),
    pytest.param(
        with_policies(
            template(
                OURS,
                **GROUP,
                Policy=resource(
                    "AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": allow(BOTH, ATTRIBUTE)}
                ),
            ),
            {"Ref": "Policy"},
        ),
        id="managed policy of the template",
    ),
    pytest.param(
        {"Task": resource("AWS::ECS::TaskDefinition", ContainerDefinitions=[OURS]), **GROUP},
        id="no role",
    ),
]
BAD = [
    pytest.param(template(OURS, **GROUP), [PLACE], id="nothing allowed"),
    pytest.param(
        template(OURS, allow("logs:PutLogEvents", ATTRIBUTE), **GROUP), [PLACE], id="one of two"
    ),
    pytest.param(
        template(OURS, allow(BOTH, f"{ARN}/ecs/other:*"), **GROUP), [PLACE], id="another group"
    ),
    pytest.param(
        template(OURS, allow(BOTH, f"{ARN}/ecs/web"), **GROUP), [PLACE], id="without its streams"
    ),
    pytest.param(
        template(
            logging({"Ref": "Group"}, **{"awslogs-create-group": "true"}),
            allow(BOTH, ATTRIBUTE),
            **GROUP,
        ),
        [PLACE],
        id="may not make the group",
    ),
    pytest.param(
        template(
            OURS,
            **GROUP,
            Policy=resource("AWS::IAM::Policy", PolicyDocument={"Statement": allow(BOTH, "*")}),
        ),
        [PLACE],
        id="a policy of another role",
    ),
]
ROLE = "Task.ExecutionRoleArn"
UNKNOWN = [
    pytest.param(
        with_policies(template(OURS, **GROUP), "arn:aws:iam::1:policy/own"), [ROLE], id="own policy"
    ),
    pytest.param(
        {
            "Task": resource(
                "AWS::ECS::TaskDefinition", ExecutionRoleArn="arn", ContainerDefinitions=[OURS]
            ),
            **GROUP,
        },
        [ROLE],
        id="a role of another stack",
    ),
    pytest.param(template(logging({"Ref": "Name"})), [PLACE], id="a group from outside"),
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
