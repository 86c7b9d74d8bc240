"""EB608. Regression: role-trust-no-conditions."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.task_trust_conditions import CHECK
from tests.checks.helpers import resource, verdict

PLACE = "Role.AssumeRolePolicyDocument.Statement.0.Condition"


def role(service: Any = "ecs-tasks.amazonaws.com", condition: Any = None) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if condition is not None:
        statement["Condition"] = condition
    return {"Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]})}


GOOD = [
    pytest.param(
        role(
            condition={
                "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                "ArnLike": {"aws:SourceArn": {"Fn::Sub": "arn:aws:ecs:*:${AWS::AccountId}:*"}},
            }
        ),
        id="both",
    ),
    pytest.param(role(condition={"StringEquals": {"AWS:sourceaccount": "1"}}), id="account"),
    pytest.param(role(condition={"ArnLike": {"aws:SourceArn": "arn"}}), id="ARN"),
    pytest.param(role("ec2.amazonaws.com"), id="another service"),
    pytest.param({"Role": {"Type": "AWS::IAM::Role"}}, id="no trust policy"),
]
BAD = [
    pytest.param(role(), [PLACE], id="no condition"),
    pytest.param(role(["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]), [PLACE], id="one of two"),
    pytest.param(role({"Fn::Sub": "ecs-tasks.${AWS::URLSuffix}"}), [PLACE], id="any partition"),
    pytest.param(
        role(condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        [PLACE],
        id="another",
    ),
]
UNKNOWN = [
    pytest.param(role(condition={"Fn::If": ["A", {}, {}]}), [PLACE], id="condition"),
    pytest.param(
        {"Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Ref": "Trust"})},
        ["Role.AssumeRolePolicyDocument"],
        id="document",
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
