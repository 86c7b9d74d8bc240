"""EB701. Regression: alarm-no-action."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_blocks.checks.rules.alarm_without_action import CHECK
from tests.checks.helpers import resource, verdict


def alarm(**properties: Any) -> dict[str, Any]:
    return {"Alarm": resource("AWS::CloudWatch::Alarm", **properties)}


NAMED = alarm(AlarmName="errors")


def service(*names: Any) -> dict[str, Any]:
    deployment = {"Alarms": {"AlarmNames": list(names), "Enable": True}}
    return resource("AWS::ECS::Service", DeploymentConfiguration=deployment)


def composite(rule: Any, **properties: Any) -> dict[str, Any]:
    return resource(
        "AWS::CloudWatch::CompositeAlarm", AlarmRule=rule, AlarmActions=["arn"], **properties
    )


GOOD = [
    pytest.param(alarm(AlarmActions=["arn"]), id="topic"),
    pytest.param(alarm(AlarmActions=[{"Ref": "Topic"}]), id="reference"),
    pytest.param(alarm(AlarmActions="arn"), id="one, no list"),
    pytest.param(alarm(InsufficientDataActions=["arn"]), id="on missing data"),
    pytest.param({**alarm(), "Service": service({"Ref": "Alarm"})}, id="watched by a deployment"),
    pytest.param({**NAMED, "Service": service("errors")}, id="watched by its name"),
    pytest.param(
        {**alarm(), "Composite": composite({"Fn::Sub": "ALARM(${Alarm})"})},
        id="part of a composite",
    ),
    pytest.param({**NAMED, "Composite": composite('ALARM("errors")')}, id="part by its name"),
    pytest.param(
        {
            **alarm(),
            "Rule": resource("AWS::Events::Rule", EventPattern={"source": ["aws.cloudwatch"]}),
        },
        id="taken up by a rule",
    ),
]
BAD = [
    pytest.param(alarm(), ["Alarm.AlarmActions"], id="left out"),
    pytest.param(alarm(AlarmActions=[]), ["Alarm.AlarmActions"], id="empty"),
    pytest.param(alarm(AlarmActions=[""]), ["Alarm.AlarmActions"], id="empty text"),
    pytest.param(alarm(OKActions=["arn"]), ["Alarm.AlarmActions"], id="only the all-clear"),
    pytest.param(
        {**alarm(), "Service": service("other")}, ["Alarm.AlarmActions"], id="another is watched"
    ),
    pytest.param(
        {"All": resource("AWS::CloudWatch::CompositeAlarm", AlarmRule="TRUE")},
        ["All.AlarmActions"],
        id="composite",
    ),
]
UNKNOWN = [
    pytest.param(alarm(AlarmActions={"Fn::If": ["A", [], []]}), ["Alarm.AlarmActions"], id="list"),
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
