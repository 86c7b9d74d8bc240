"""EB603. Regression: role-ecr-star."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.ecr_pull_everywhere import CHECK
from tests.checks.helpers import resource, verdict

PLACE = "Role.Policies.0.PolicyDocument.Statement.0.Resource"


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def role(*allowed: Any, **others: Any) -> dict[str, Any]:
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": list(allowed)}}
    return {"Role": resource("AWS::IAM::Role", Policies=[policy]), **others}


PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
GOOD = [
    pytest.param(role(allow(PULL, {"Fn::GetAtt": ["Images", "Arn"]}), Images={}), id="attribute"),
    pytest.param(role(allow(PULL, "arn:aws:ecr:eu-west-1:1:repository/hoge")), id="one"),
    pytest.param(role(allow(PULL, "arn:aws:ecr:eu-west-1:1:repository/hoge/*")), id="a prefix"),
    pytest.param(role(allow("ecr:GetAuthorizationToken")), id="the token"),
    pytest.param(role(allow("ecr:*")), id="all of ECR is the matter of EB602"),
    pytest.param(
        role(allow(PULL, Condition={"StringEquals": {"aws:ResourceTag/app": "hoge"}})), id="by tag"
    ),
]
BAD = [
    pytest.param(role(allow(PULL)), [PLACE], id="everywhere"),
    pytest.param(role(allow(["ecr:GetAuthorizationToken", *PULL])), [PLACE], id="with the token"),
    pytest.param(role(allow("ecr:Batch*")), [PLACE], id="by a wildcard"),
    pytest.param(role(allow("ECR:batchgetimage")), [PLACE], id="in other letters"),
    pytest.param(role(allow(PULL, "arn:aws:ecr:*:*:repository/*")), [PLACE], id="the long way"),
]
UNKNOWN = [pytest.param(role(allow(PULL, {"Ref": "RepositoryArn"})), [PLACE], id="from outside")]


@pytest.mark.parametrize("resources", GOOD)
def test_good(resources: dict[str, Any]) -> None:
    assert verdict(CHECK, resources) == ([], [])


@pytest.mark.parametrize(("resources", "places"), BAD)
def test_bad(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == (places, [])


@pytest.mark.parametrize(("resources", "places"), UNKNOWN)
def test_unknown(resources: dict[str, Any], places: list[str]) -> None:
    assert verdict(CHECK, resources) == ([], places)
