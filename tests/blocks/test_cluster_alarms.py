"""What a team hears of its cluster: it is full and cannot grow, or places nothing."""

from __future__ import annotations

from typing import Any

import pytest
from troposphere import ecs

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, TOPIC, Built, instances, new_stack

_CLUSTER = [{"Name": "ClusterName", "Value": {"Ref": "Main"}}]


def made(notify: eb.Notify | None = None, **changed: Any) -> Built[Any]:
    around = instances(max_size=changed.pop("max_size", 4))
    block = eb.ClusterAlarms(
        cluster=around.stack.template.resources["Main"],
        instances=around.handle,
        notify=notify or eb.Notify(topic_arn=TOPIC),
        **changed,
    )
    return Built(around.stack, around.stack.add("Web", block))


def alarm(id_: str, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = made(**changed).resources[id_]["Properties"]
    return found


def query(id_: str, namespace: str, name: str, dimensions: object) -> dict[str, Any]:
    return {
        "Id": id_,
        "ReturnData": False,
        "MetricStat": {
            "Metric": {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions},
            "Stat": "Maximum",
            "Period": 60,
        },
    }


@pytest.mark.parametrize(
    ("id_", "metric", "word", "suffix"),
    [
        ("WebCpuReservationAlarm", "CPUReservation", "CPU", "cpu-reservation"),
        ("WebMemoryReservationAlarm", "MemoryReservation", "memory", "memory-reservation"),
    ],
)
def test_a_reservation_counts_once_the_group_cannot_grow(
    id_: str, metric: str, word: str, suffix: str
) -> None:
    group = [{"Name": "AutoScalingGroupName", "Value": {"Ref": "WebAutoScalingGroup"}}]

    assert alarm(id_) == {
        "AlarmName": {"Fn::Sub": f"${{AWS::StackName}}-{suffix}"},
        "AlarmDescription": f"the cluster's {word} is reserved and it cannot grow; raise MaxSize",
        "Metrics": [
            query("instances", "AWS/AutoScaling", "GroupInServiceInstances", group),
            query("reservation", "AWS/ECS", metric, _CLUSTER),
            {
                "Id": "result",
                "Expression": "IF(instances >= 4, reservation, 0)",
                "Label": f"reserved {word} in percent, while the group cannot grow",
                "ReturnData": True,
            },
        ],
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 90,
        "EvaluationPeriods": 5,
        "DatapointsToAlarm": 5,
        "TreatMissingData": "notBreaching",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "OKActions": [TOPIC],
    }


def test_the_capacity_provider_is_saturated_when_instances_do_not_come() -> None:
    assert alarm("WebCapacityProviderSaturatedAlarm") == {
        "AlarmName": {"Fn::Sub": "${AWS::StackName}-capacity-provider-saturated"},
        "AlarmDescription": "tasks need more instances than there are, and they do not come: the "
        "group is at MaxSize, or EC2 has none of this type",
        "Namespace": "AWS/ECS/ManagedScaling",
        "MetricName": "CapacityProviderReservation",
        "Statistic": "Average",
        "Dimensions": [
            {"Name": "CapacityProviderName", "Value": {"Ref": "WebCapacityProvider"}},
            *_CLUSTER,
        ],
        "Period": 60,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 100,
        "EvaluationPeriods": 15,
        "DatapointsToAlarm": 15,
        "TreatMissingData": "notBreaching",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "OKActions": [TOPIC],
    }


def test_how_full_is_full_and_the_largest_size_may_be_tokens() -> None:
    found = alarm(
        "WebCpuReservationAlarm", max_size=TOKENS.number, reservation_percent=TOKENS.other_number
    )

    assert found["Threshold"] == {"Ref": "OtherNumber"}
    assert found["Metrics"][-1]["Expression"] == {
        "Fn::Sub": "IF(instances >= ${Number}, reservation, 0)"
    }


def test_alarms_that_do_not_notify_still_exist() -> None:
    found = made(eb.Notify(topic_arn=TOPIC, enabled=False)).resources

    assert [
        one["Properties"]["ActionsEnabled"]
        for one in found.values()
        if one["Type"] == "AWS::CloudWatch::Alarm"
    ] == [False] * 3


def test_a_task_that_finds_no_place_is_told_in_words() -> None:
    stack = new_stack()
    cluster = stack.add_resource(ecs.Cluster("Main"))
    one = Built(
        stack, stack.add("Web", eb.PlacementFailures(cluster=cluster, topic_arn=TOKENS.topic_arn))
    )

    assert one.resources["WebPlacementFailureRule"] == {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "Description": "a service cannot place a task",
            "State": "ENABLED",
            "EventPattern": {
                "source": ["aws.ecs"],
                "detail-type": ["ECS Service Action"],
                "detail": {
                    "eventName": ["SERVICE_TASK_PLACEMENT_FAILURE"],
                    "clusterArn": [{"Fn::GetAtt": ["Main", "Arn"]}],
                },
            },
            "Targets": [
                {
                    "Id": "AlarmTopic",
                    "Arn": {"Ref": "TopicArn"},
                    "InputTransformer": {
                        "InputPathsMap": {
                            "service": "$.resources[0]",
                            "reason": "$.detail.reason",
                            "time": "$.time",
                        },
                        "InputTemplate": '"A task of <service> finds no place since <time>: '
                        "<reason>. Is the cluster at MaxSize, or the task larger than an "
                        'instance?"',
                    },
                }
            ],
        },
    }


def test_the_logical_ids_are_a_contract() -> None:
    assert [id_ for id_ in made().ids if id_.endswith("Alarm")] == [
        "WebCpuReservationAlarm",
        "WebMemoryReservationAlarm",
        "WebCapacityProviderSaturatedAlarm",
    ]


def test_every_property_is_reachable_through_the_handle() -> None:
    one = made()

    one.handle[0].DatapointsToAlarm = 3

    assert one.resources["WebCpuReservationAlarm"]["Properties"]["DatapointsToAlarm"] == 3
