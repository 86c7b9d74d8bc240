"""Scaling by steps."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, parts
from tests.blocks.test_scaling import scaling

WAITING = eb.Metric(namespace="Shop", name="Waiting", statistic="Maximum", dimensions={})
ALARM = {
    "AlarmDescription": "scales the service, and tells nobody",
    "Namespace": "Shop",
    "MetricName": "Waiting",
    "Statistic": "Maximum",
    "Dimensions": [],
    "Period": 60,
    "TreatMissingData": "notBreaching",
}


def resources(**changed: Any) -> dict[str, Any]:
    made = parts()
    handle = made.stack.add("Web", scaling(made))
    arguments = {"scaling": handle, "watches": WAITING, "out": eb.ScaleOut(above=50)}
    return made.new(eb.StepScaling(**arguments | changed))


def configuration(name: str, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = resources(**changed)[name]["Properties"]
    assert found["PolicyType"] == "StepScaling"
    assert found["ScalingTargetId"] == {"Ref": "WebScalableTarget"}
    steps: dict[str, Any] = found["StepScalingPolicyConfiguration"]
    return steps


def test_one_task_more_above_a_threshold() -> None:
    found = resources()

    assert list(found) == ["WebScaleOut", "WebScaleOutAlarm"]
    assert found["WebScaleOut"]["Properties"]["PolicyName"] == {
        "Fn::Sub": "${AWS::StackName}-WebScaleOut"
    }
    assert found["WebScaleOutAlarm"]["Properties"] == {
        **ALARM,
        "AlarmName": {"Fn::Sub": "${AWS::StackName}-web-scale-out"},
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 50,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "AlarmActions": [{"Ref": "WebScaleOut"}],
    }
    assert configuration("WebScaleOut") == {
        "AdjustmentType": "ChangeInCapacity",
        "Cooldown": 60,
        "MetricAggregationType": "Average",
        "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
    }


def test_steps_follow_each_other_without_a_gap_both_ways() -> None:
    steps = (eb.Step(tasks=1), eb.Step(tasks=2, beyond=10), eb.Step(tasks=5, beyond=40.5))
    out = configuration("WebScaleOut", out=eb.ScaleOut(above=50, steps=steps))
    into = configuration("WebScaleIn", into=eb.ScaleIn(below=5, steps=steps))

    assert out["StepAdjustments"] == [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 10, "MetricIntervalUpperBound": 40.5, "ScalingAdjustment": 2},
        {"MetricIntervalLowerBound": 40.5, "ScalingAdjustment": 5},
    ]
    assert into["StepAdjustments"] == [
        {"MetricIntervalLowerBound": -10, "MetricIntervalUpperBound": 0, "ScalingAdjustment": -1},
        {
            "MetricIntervalLowerBound": -40.5,
            "MetricIntervalUpperBound": -10,
            "ScalingAdjustment": -2,
        },
        {"MetricIntervalUpperBound": -40.5, "ScalingAdjustment": -5},
    ]


def test_tasks_go_below_another_threshold_and_later() -> None:
    alarm = resources(into=eb.ScaleIn(below=TOKENS.number))["WebScaleInAlarm"]["Properties"]

    assert alarm["ComparisonOperator"] == "LessThanThreshold"
    assert alarm["Threshold"] == {"Ref": "Number"}
    assert alarm["EvaluationPeriods"] == 5
    assert alarm["AlarmActions"] == [{"Ref": "WebScaleIn"}]


def test_a_metric_of_the_service_itself() -> None:
    made = parts()
    service = made.running()

    found = service.metric("CPUUtilization", "Maximum").simple()

    assert found["Namespace"] == "AWS/ECS"
    assert found["Statistic"] == "Maximum"
    assert [one.to_dict() for one in found["Dimensions"]] == [
        {"Name": "ClusterName", "Value": "main"},
        {"Name": "ServiceName", "Value": {"Fn::GetAtt": ["WebService", "Name"]}},
    ]


REFUSED: list[tuple[Any, str]] = [
    (lambda: eb.ScaleOut(above=1, steps=()), "0 steps; a policy has 1 to 20"),
    (
        lambda: eb.ScaleIn(below=1, steps=(eb.Step(tasks=1, beyond=5),)),
        "the first step begins at the threshold: beyond=0, not 5",
    ),
    (
        lambda: eb.ScaleOut(above=1, steps=(eb.Step(tasks=1), eb.Step(tasks=2))),
        "a step at 0 comes after one at 0",
    ),
    (
        lambda: eb.ScaleIn(below=1, steps=(eb.Step(tasks=-1),)),
        "a step of -1 tasks; write how many come, or go: 1 or more",
    ),
    (
        lambda: resources(into=eb.ScaleIn(below=50)),
        "tasks go below 50 and come above 50: they would come and go for ever",
    ),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_steps_that_cannot_be_are_refused(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message
