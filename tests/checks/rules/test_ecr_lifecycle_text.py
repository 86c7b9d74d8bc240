"""EB204."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_blocks.checks.rules.ecr_lifecycle_text import CHECK
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
    pytest.param(policy(rule(1, "untagged"), rule(2, "any")), id="two rules"),
    pytest.param(
        policy(rule(10, "any"), rule(1, "tagged", tagPatternList=["v*"])), id="in any order"
    ),
    pytest.param(policy(rule(1, "tagged", tagPrefixList=["v"])), id="prefix"),
    pytest.param({"Images": {"Type": "AWS::ECR::Repository"}}, id="no policy"),
    pytest.param(repository({"rules": [rule(1, "any")]}), id="a mapping, which the schema judges"),
]
BAD = [
    pytest.param(repository("{nope"), [PATH], id="no JSON"),
    pytest.param(repository("[]"), [PATH], id="a list"),
    pytest.param(repository("7"), [PATH], id="a number"),
    pytest.param(policy(), [PATH], id="no rules"),
    pytest.param(policy(rule(1, "any"), rule(1, "untagged")), [PATH], id="one priority twice"),
    pytest.param(policy(rule("1", "any")), [PATH], id="priority as text"),
    pytest.param(policy(rule(1, "any"), rule(2, "untagged")), [PATH], id="any before another"),
    pytest.param(policy(rule(1, "tagged")), [PATH], id="tagged without saying which"),
    pytest.param(policy(rule(1, "some")), [PATH], id="tag status"),
    pytest.param(policy("keep all"), [PATH, PATH], id="a text where a rule belongs"),
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
