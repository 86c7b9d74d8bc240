"""EB604. Regression: role-logs-star."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.log_write_everywhere import CHECK
from tests.checks.helpers import resource, verdict

PLACE = "Role.Policies.0.PolicyDocument.Statement.0.Resource"


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def role(*allowed: Any, **others: Any) -> dict[str, Any]:
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": list(allowed)}}
    return {"Role": resource("AWS::IAM::Role", Policies=[policy]), **others}


WRITE = ["logs:CreateLogStream", "logs:PutLogEvents"]
ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:"
SUB = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
GROUP: dict[str, Any] = {"Group": resource("AWS::Logs::LogGroup", LogGroupName="/ecs/web")}
GOOD = [
    pytest.param(role(allow(WRITE, {"Fn::GetAtt": ["Group", "Arn"]}), **GROUP), id="attribute"),
    pytest.param(role(allow(WRITE, {"Fn::Sub": "${Group.Arn}"}), **GROUP), id="sub of it"),
    pytest.param(
        role(allow(WRITE, {"Fn::Sub": "${Group.Arn}:log-stream:*"}), **GROUP), id="its streams"
    ),
    pytest.param(role(allow(WRITE, f"{ARN}/ecs/web:*")), id="one group by hand"),
    pytest.param(role(allow(WRITE, f"{ARN}/ecs/web:log-stream:*")), id="its streams by hand"),
    pytest.param(role(allow(WRITE, {"Fn::Sub": f"{SUB}${{Group}}:*"}), **GROUP), id="by its name"),
    pytest.param(
        role(allow(WRITE, {"Fn::Sub": f"{SUB}/ecs/${{AWS::StackName}}:*"})),
        id="by the stack's name",
    ),
    pytest.param(role(allow("logs:DescribeLogGroups")), id="looking"),
    pytest.param(role(allow("logs:*")), id="all of logs is the matter of EB602"),
]
BAD = [
    pytest.param(role(allow(WRITE)), [PLACE], id="everywhere"),
    pytest.param(role(allow("logs:Put*")), [PLACE], id="by a wildcard"),
    pytest.param(role(allow(WRITE, "arn:aws:logs:*:*:*")), [PLACE], id="every group"),
    pytest.param(role(allow(WRITE, f"{ARN}*")), [PLACE], id="every group of the account"),
    pytest.param(
        role(allow(WRITE, f"{ARN}*:log-stream:app/*")), [PLACE], id="streams of every group"
    ),
    pytest.param(role(allow(WRITE, f"{ARN}/ecs/*")), [PLACE], id="a prefix"),
    pytest.param(role(allow(WRITE, f"{ARN}/ecs/web*:*")), [PLACE], id="more than the name"),
    pytest.param(role(allow(WRITE, {"Fn::Sub": f"{SUB}/ecs/*:*"})), [PLACE], id="sub"),
    pytest.param(role(allow("logs:*", f"{ARN}/ecs/*")), [PLACE], id="everything, on a prefix"),
    pytest.param(
        role(allow(WRITE, [{"Ref": "GroupArn"}, f"{ARN}/ecs/*"])), [PLACE], id="beside an unknown"
    ),
]
UNKNOWN = [pytest.param(role(allow(WRITE, {"Ref": "GroupArn"})), [PLACE], id="from outside")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
