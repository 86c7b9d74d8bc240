"""One alarm, over a metric or a calculation.

Trap 5: names have a limit; an alarm's name fits behind the longest name a stack can have.
"""

from __future__ import annotations

from typing import Any

import ecs_blocks as eb
from ecs_blocks.naming import MAX_STACK_NAME
from tests.blocks.helpers import TOKENS, TOPIC, built, new_stack, parts, resources, topic

_METRIC = eb.Metric(
    namespace="AWS/ECS", name="CPUUtilization", statistic="Average", dimensions={"Name": "web"}
)
_P95 = eb.Metric(
    namespace="AWS/ApplicationELB",
    name="TargetResponseTime",
    statistic="p95",
    dimensions={"Name": TOKENS.word},
    period_s=300,
)


def alarm(**changed: Any) -> eb.Alarm:
    arguments: dict[str, Any] = {
        "suffix": "HighCpu",
        "description": "CPU is high",
        "watches": _METRIC,
        "above": 85,
        "notify": eb.Notify(topic_arn=TOPIC),
    }
    return eb.Alarm(**arguments | changed)


def properties(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = resources(alarm(**changed))["WebHighCpuAlarm"]["Properties"]
    return found


def test_an_alarm_of_literals() -> None:
    assert resources(alarm()) == {
        "WebHighCpuAlarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": {"Fn::Sub": "${AWS::StackName}-high-cpu"},
                "AlarmDescription": "CPU is high",
                "Namespace": "AWS/ECS",
                "MetricName": "CPUUtilization",
                "Statistic": "Average",
                "Dimensions": [{"Name": "Name", "Value": "web"}],
                "Period": 60,
                "ComparisonOperator": "GreaterThanThreshold",
                "Threshold": 85,
                "EvaluationPeriods": 5,
                "DatapointsToAlarm": 5,
                "TreatMissingData": "notBreaching",
                "ActionsEnabled": True,
                "AlarmActions": [TOPIC],
                "OKActions": [TOPIC],
            },
        }
    }


def test_an_alarm_of_tokens() -> None:
    notify = eb.Notify(topic_arn=TOKENS.topic_arn, enabled=TOKENS.flag)

    found = properties(above=TOKENS.number, notify=notify)

    assert {
        key: found[key] for key in ("Threshold", "ActionsEnabled", "AlarmActions", "OKActions")
    } == {
        "Threshold": {"Ref": "Number"},
        "ActionsEnabled": {"Ref": "Flag"},
        "AlarmActions": [{"Ref": "TopicArn"}],
        "OKActions": [{"Ref": "TopicArn"}],
    }


def test_a_percentile_is_an_extended_statistic() -> None:
    found = properties(watches=_P95)

    assert "Statistic" not in found
    assert {
        key: found[key]
        for key in ("Namespace", "MetricName", "ExtendedStatistic", "Dimensions", "Period")
    } == {
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "TargetResponseTime",
        "ExtendedStatistic": "p95",
        "Dimensions": [{"Name": "Name", "Value": {"Ref": "Word"}}],
        "Period": 300,
    }


def test_a_calculation_returns_its_result_alone() -> None:
    watches = eb.Calculation(
        expression=eb.text("cpu / ", TOKENS.number), label="CPU", metrics={"cpu": _METRIC}
    )

    found = properties(watches=watches)

    assert not {"Namespace", "MetricName", "Statistic", "Dimensions", "Period"} & set(found)
    assert found["Metrics"] == [
        {
            "Id": "cpu",
            "ReturnData": False,
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/ECS",
                    "MetricName": "CPUUtilization",
                    "Dimensions": [{"Name": "Name", "Value": "web"}],
                },
                "Stat": "Average",
                "Period": 60,
            },
        },
        {
            "Id": "result",
            "Expression": {"Fn::Sub": "cpu / ${Number}"},
            "Label": "CPU",
            "ReturnData": True,
        },
    ]


def test_every_one_of_the_last_minutes_has_to_be_bad() -> None:
    found = properties(minutes=2)

    assert (found["EvaluationPeriods"], found["DatapointsToAlarm"]) == (2, 2)


def test_silence_may_be_bad_news() -> None:
    assert properties(missing="breaching")["TreatMissingData"] == "breaching"


def test_an_alarm_watches_what_is_no_block_of_ours() -> None:
    stack = new_stack()
    own = topic(stack)

    stack.add("Queue", alarm(notify=eb.Notify(topic_arn=own.arn)))

    assert stack.template.resources["QueueHighCpuAlarm"].properties["AlarmName"].to_dict() == {
        "Fn::Sub": "${AWS::StackName}-high-cpu"
    }


def test_trap_5_the_longest_name_of_an_alarm_fits() -> None:
    made = parts()
    block = eb.ServiceAlarms(
        service=made.running(),
        task=made.task,
        balancer=made.balancer,
        target_group=made.target_group,
        notify=eb.Notify(topic_arn=TOPIC),
    )
    names = [one["Properties"]["AlarmName"]["Fn::Sub"] for one in made.new(block).values()]

    longest = max(len(name.replace("${AWS::StackName}", "")) for name in names)

    assert MAX_STACK_NAME + longest <= 255


def test_the_logical_id_is_a_contract() -> None:
    assert built(alarm(), "Worker").ids == ["WorkerHighCpuAlarm"]


def test_every_property_is_reachable_through_the_handle() -> None:
    made = built(alarm())

    made.handle.EvaluateLowSampleCountPercentile = "ignore"

    found = made.resources["WebHighCpuAlarm"]["Properties"]
    assert found["EvaluateLowSampleCountPercentile"] == "ignore"
