"""EB605. Regression: role-logs-sub-wildcard."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.log_arn_by_hand import CHECK
from tests.checks.helpers import resource, verdict

PLACE = "Role.Policies.0.PolicyDocument.Statement.0.Resource"


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def role(*allowed: Any, **others: Any) -> dict[str, Any]:
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": list(allowed)}}
    return {"Role": resource("AWS::IAM::Role", Policies=[policy]), **others}


WRITE = ["logs:CreateLogStream", "logs:PutLogEvents"]
SUB = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"


def template(arn: Any, name: Any = "/ecs/web", actions: Any = WRITE) -> dict[str, Any]:
    return role(allow(actions, arn), Group=resource("AWS::Logs::LogGroup", LogGroupName=name))


GOOD = [
    pytest.param(template({"Fn::GetAtt": ["Group", "Arn"]}), id="attribute"),
    pytest.param(template({"Fn::Sub": "${Group.Arn}:log-stream:*"}), id="its streams"),
    pytest.param(template({"Fn::Sub": f"{SUB}${{Group}}:*"}), id="by its reference"),
    pytest.param(template({"Fn::Sub": f"{SUB}/ecs/other:*"}), id="a group of another stack"),
    pytest.param(template("*"), id="everywhere is the matter of EB604"),
    pytest.param(
        template({"Fn::Sub": f"{SUB}/ecs/web:*"}, actions="logs:FilterLogEvents"), id="reading"
    ),
    pytest.param(role(allow(WRITE, "x"), Group=resource("AWS::Logs::LogGroup")), id="no name"),
]
BAD = [
    pytest.param(template({"Fn::Sub": f"{SUB}/ecs/web:*"}), [PLACE], id="sub"),
    pytest.param(
        template("arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web:*"), [PLACE], id="text"
    ),
    pytest.param(template({"Fn::Sub": f"{SUB}/ecs/web:log-stream:*"}), [PLACE], id="streams"),
    pytest.param(
        template(
            {"Fn::Sub": f"{SUB}/ecs/${{AWS::StackName}}:*"}, {"Fn::Sub": "/ecs/${AWS::StackName}"}
        ),
        [PLACE],
        id="both with the stack's name",
    ),
    pytest.param(
        template(
            {
                "Fn::Join": [
                    ":",
                    ["arn:aws:logs", {"Ref": "AWS::Region"}, "1", "log-group", "/ecs/web", "*"],
                ]
            }
        ),
        [PLACE],
        id="join",
    ),
]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])
