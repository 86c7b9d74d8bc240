"""EB417."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.exec_role import CHECK
from tests.checks.helpers import resource, verdict

CHANNELS = [
    f"ssmmessages:{verb}{kind}Channel"
    for verb in ("Create", "Open")
    for kind in ("Control", "Data")
]
BASIC = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
OURS = {"Fn::GetAtt": ["Role", "Arn"]}


def template(*actions: str, role: Any = OURS, enabled: Any = True, **more: Any) -> dict[str, Any]:
    allowed = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policies = [{"PolicyName": "p", "PolicyDocument": {"Statement": [allowed]}}]
    task = {} if role is None else {"TaskRoleArn": role}
    return {
        "Service": resource(
            "AWS::ECS::Service", TaskDefinition={"Ref": "Task"}, EnableExecuteCommand=enabled
        ),
        "Task": resource("AWS::ECS::TaskDefinition", **task),
        "Role": resource("AWS::IAM::Role", **({"Policies": policies} | more)),
    }


def elsewhere(**more: Any) -> dict[str, Any]:
    return {"Service": resource("AWS::ECS::Service", TaskDefinition="web:1", **more)}


PLACE = ["Service.EnableExecuteCommand"]
TASK = ["Service.TaskDefinition"]
GOOD = [
    pytest.param(template(*CHANNELS), id="the four"),
    pytest.param(template("ssmmessages:*"), id="all of them"),
    pytest.param(template("ssmmessages:*", enabled="true"), id="text"),
    pytest.param(template(role=None, enabled=False), id="off"),
    pytest.param(template(role=None, enabled="false"), id="off as text"),
    pytest.param(elsewhere(), id="left out"),
]
BAD = [
    pytest.param(template(role=None), PLACE, id="no role"),
    pytest.param(template("s3:GetObject"), PLACE, id="not allowed"),
    pytest.param(template(*CHANNELS[:3]), PLACE, id="three of four"),
    pytest.param(
        template("s3:GetObject", ManagedPolicyArns=[BASIC]), PLACE, id="policy for execution roles"
    ),
]
UNKNOWN = [
    pytest.param(template(role="arn:aws:iam::123456789012:role/web"), TASK, id="another's role"),
    pytest.param(
        template(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]),
        TASK,
        id="a policy that cannot be read",
    ),
    pytest.param(elsewhere(EnableExecuteCommand=True), TASK, id="task of another stack"),
    pytest.param(elsewhere(EnableExecuteCommand={"Ref": "Exec"}), PLACE, id="on or off"),
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
