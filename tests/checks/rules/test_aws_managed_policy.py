"""EB601. Regression: role-managed-policy."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.aws_managed_policy import CHECK
from tests.checks.helpers import resource, verdict

PREFIX = "arn:aws:iam::aws:policy/"


def role(*arns: Any) -> dict[str, Any]:
    return {"Role": resource("AWS::IAM::Role", ManagedPolicyArns=list(arns))}


FIRST = ["Role.ManagedPolicyArns.0"]
GOOD = [
    pytest.param({"Role": {"Type": "AWS::IAM::Role"}}, id="none"),
    pytest.param(role("arn:aws:iam::123456789012:policy/own"), id="own policy"),
    pytest.param(
        {**role({"Ref": "Own"}), "Own": resource("AWS::IAM::ManagedPolicy")}, id="of the template"
    ),
    pytest.param(
        role(f"{PREFIX}service-role/AmazonECSInfrastructureRolePolicyForVolumes"), id="for volumes"
    ),
    pytest.param(
        role(f"{PREFIX}AmazonECSInfrastructureRolePolicyForLoadBalancers"), id="for balancers"
    ),
    pytest.param(
        role(f"{PREFIX}service-role/AmazonECSInfrastructureRoleforExpressGatewayServices"),
        id="for express services",
    ),
    pytest.param(
        role(f"{PREFIX}AmazonECSInstanceRolePolicyForManagedInstances"), id="for managed instances"
    ),
]
BAD = [
    pytest.param(role(f"{PREFIX}service-role/AmazonECSTaskExecutionRolePolicy"), FIRST, id="usual"),
    pytest.param(role(f"{PREFIX}AmazonSSMManagedInstanceCore"), FIRST, id="without a path"),
    pytest.param(role("arn:aws-cn:iam::aws:policy/ReadOnlyAccess"), FIRST, id="China"),
    pytest.param(
        role({"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/job-function/Billing"}),
        FIRST,
        id="sub",
    ),
    pytest.param(
        role({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/X"]]}),
        FIRST,
        id="join",
    ),
    pytest.param(
        role("arn:aws:iam::123456789012:policy/own", f"{PREFIX}AmazonS3FullAccess"),
        ["Role.ManagedPolicyArns.1"],
        id="second",
    ),
]
UNKNOWN = [pytest.param(role({"Ref": "PolicyArn"}), FIRST, id="from outside")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
