"""EB111. Regression: asg-no-notifications."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.group_notifications import CHECK
from tests.checks.helpers import resource, verdict

FOUR = [
    "autoscaling:EC2_INSTANCE_LAUNCH",
    "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
    "autoscaling:EC2_INSTANCE_TERMINATE",
    "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
]
PATH = "Group.NotificationConfigurations"


def group(*notified: Any, **others: Any) -> dict[str, Any]:
    configurations = [{"TopicARN": "arn", "NotificationTypes": types} for types in notified]
    properties = {"NotificationConfigurations": configurations} if notified else {}
    return {"Group": resource("AWS::AutoScaling::AutoScalingGroup", **properties), **others}


def rule(source: str) -> dict[str, Any]:
    return resource("AWS::Events::Rule", EventPattern={"source": [source]})


GOOD = [
    pytest.param(group(FOUR), id="four events"),
    pytest.param(group(FOUR[:2], FOUR[2:]), id="over two topics"),
    pytest.param(group(Rule=rule("aws.autoscaling")), id="a rule of EventBridge"),
]
BAD = [
    pytest.param(group(), [PATH], id="none"),
    pytest.param(group(FOUR[:3]), [PATH], id="three of four"),
    pytest.param(group(Rule=rule("aws.ecs")), [PATH], id="a rule for something else"),
    pytest.param(
        {"Group": resource("AWS::AutoScaling::AutoScalingGroup", NotificationConfigurations="x")},
        [PATH],
        id="text where a list belongs",
    ),
]
UNKNOWN = [
    pytest.param(group({"Ref": "Types"}), [f"{PATH}.0.NotificationTypes"], id="list"),
    pytest.param(group([{"Ref": "Type"}]), [f"{PATH}.0.NotificationTypes.0"], id="item"),
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
