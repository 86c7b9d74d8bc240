"""EB607."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.pass_role_everywhere import CHECK
from tests.checks.helpers import resource, verdict

PLACE = "Role.Policies.0.PolicyDocument.Statement.0.Resource"


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def role(*allowed: Any, **others: Any) -> dict[str, Any]:
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": list(allowed)}}
    return {"Role": resource("AWS::IAM::Role", Policies=[policy]), **others}


TO_TASKS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
GOOD = [
    pytest.param(role(allow("iam:PassRole", "arn:aws:iam::1:role/hoge")), id="one role"),
    pytest.param(role(allow("iam:PassRole", "arn:aws:iam::1:role/hoge-*")), id="a prefix"),
    pytest.param(role(allow("iam:PassRole", Condition=TO_TASKS)), id="to one service"),
    pytest.param(role(allow("iam:GetRole")), id="looking"),
]
BAD = [
    pytest.param(role(allow("iam:PassRole")), [PLACE], id="every role"),
    pytest.param(role(allow("iam:Pass*", "arn:aws:iam::1:role/*")), [PLACE], id="of the account"),
    pytest.param(
        role(allow("iam:PassRole", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})),
        [PLACE],
        id="a condition that says nothing of to whom",
    ),
]
UNKNOWN = [pytest.param(role(allow("iam:PassRole", {"Ref": "RoleArn"})), [PLACE], id="outside")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
