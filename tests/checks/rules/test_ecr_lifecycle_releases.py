"""EB205."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_blocks.checks.rules.ecr_lifecycle_releases import CHECK
from tests.checks.helpers import resource, verdict

PATH = "Images.LifecyclePolicy.LifecyclePolicyText"


def repository(text: Any) -> dict[str, Any]:
    policy = {"LifecyclePolicyText": text}
    return {"Images": resource("AWS::ECR::Repository", LifecyclePolicy=policy)}


def policy(*rules: Any) -> dict[str, Any]:
    return repository(json.dumps({"rules": list(rules)}))


def rule(priority: Any, status: str, **selection: Any) -> dict[str, Any]:
    return {
        "rulePriority": priority,
        "selection": {"tagStatus": status, "countType": "imageCountMoreThan", **selection},
        "action": {"type": "expire"},
    }


GOOD = [
    pytest.param(policy(rule(1, "untagged")), id="untagged"),
    pytest.param(policy(rule(1, "tagged", tagPatternList=["dev-*"])), id="builds by their pattern"),
    pytest.param(
        policy(rule(1, "tagged", tagPatternList=["v*"]), rule(2, "any")), id="releases kept first"
    ),
    pytest.param(
        policy({**rule(1, "any"), "action": {"type": "transition"}}), id="moved, not expired"
    ),
    pytest.param(repository("{nope"), id="no JSON is the matter of EB204"),
    pytest.param({"Images": {"Type": "AWS::ECR::Repository"}}, id="no policy"),
]
BAD = [
    pytest.param(policy(rule(1, "any")), [PATH], id="any"),
    pytest.param(policy(rule(1, "untagged"), rule(2, "any")), [PATH], id="any after untagged"),
]
UNKNOWN = [
    pytest.param(repository({"Fn::Sub": "${Rules}"}), [PATH], id="sub"),
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
