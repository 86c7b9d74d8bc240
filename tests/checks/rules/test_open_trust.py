"""EB609."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.open_trust import CHECK
from tests.checks.helpers import resource, verdict

PLACE = "Role.AssumeRolePolicyDocument.Statement.0.Principal"


def role(principal: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}
    return {"Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]})}


GOOD = [
    pytest.param(role({"Service": "ecs-tasks.amazonaws.com"}), id="service"),
    pytest.param(role({"AWS": "arn:aws:iam::1:root"}), id="account"),
    pytest.param(role({"AWS": {"Fn::GetAtt": ["Other", "Arn"]}}), id="role"),
    pytest.param(
        role({"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), id="one org"
    ),
    pytest.param(role("*", Effect="Deny"), id="deny"),
]
BAD = [
    pytest.param(role("*"), [PLACE], id="anyone"),
    pytest.param(role({"AWS": "*"}), [PLACE], id="any account"),
    pytest.param(role({"AWS": ["arn:aws:iam::1:root", "*"]}), [PLACE], id="one of two"),
    pytest.param(
        role(None, NotPrincipal={"AWS": "arn:aws:iam::1:root"}), [PLACE], id="everyone but one"
    ),
    pytest.param(
        role("*", Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
        [PLACE],
        id="from anywhere",
    ),
]
UNKNOWN = [
    pytest.param(role({"Fn::If": ["A", "*", {}]}), [PLACE], id="if"),
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
