"""Scaling a service.

Trap 1: the least number of tasks is the scalable target's; it lifts a new service to it.
Trap 9: a schedule that is gone is said to be gone.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, Parts, fargate_task, parts

_EC2 = eb.Ec2Size(memory_reservation_mib=512, memory_mib=990)
_EC2_TOKENS = eb.Ec2Size(memory_reservation_mib=TOKENS.number, memory_mib=TOKENS.other_number)


def scaling(made: Parts, **changed: Any) -> eb.Scaling:
    return eb.Scaling(
        service=made.running(),
        task=made.task,
        balancer=made.balancer,
        target_group=made.target_group,
        targets=eb.ScalingTargets(**{"min_count": 2, "max_count": 10} | changed),
    )


def resources(size: Any = None, **changed: Any) -> dict[str, Any]:
    made = parts(None if size is None else fargate_task(size=size))
    return made.new(scaling(made, **changed))


def policy(name: str, size: Any = None, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = resources(size, **changed)[name]
    return found


def tracking(aim: object, **metric: Any) -> dict[str, Any]:
    return {"TargetValue": aim, "ScaleOutCooldown": 60, "ScaleInCooldown": 300, **metric}


def suspended(*, value: object) -> dict[str, object]:
    """All that Application Auto Scaling can suspend."""
    return {
        "DynamicScalingInSuspended": value,
        "DynamicScalingOutSuspended": value,
        "ScheduledScalingSuspended": value,
    }


def test_trap_1_the_least_number_of_tasks_lifts_the_service() -> None:
    assert resources()["WebScalableTarget"] == {
        "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
        "Properties": {
            "ServiceNamespace": "ecs",
            "ScalableDimension": "ecs:service:DesiredCount",
            "ResourceId": {"Fn::Sub": "service/main/${WebService.Name}"},
            "MinCapacity": 2,
            "MaxCapacity": 10,
            "ScheduledActions": [],
            "SuspendedState": suspended(value=False),
        },
    }


def test_trap_1_how_many_tasks_run_may_be_tokens() -> None:
    found = resources(min_count=TOKENS.number, max_count=TOKENS.other_number)

    target = found["WebScalableTarget"]["Properties"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (
        {"Ref": "Number"},
        {"Ref": "OtherNumber"},
    )


def test_cpu_is_tracked() -> None:
    assert policy("WebCpuScaling") == {
        "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
        "Properties": {
            "PolicyName": {"Fn::Sub": "${AWS::StackName}-cpu"},
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": {"Ref": "WebScalableTarget"},
            "TargetTrackingScalingPolicyConfiguration": tracking(
                70,
                PredefinedMetricSpecification={
                    "PredefinedMetricType": "ECSServiceAverageCPUUtilization"
                },
            ),
        },
    }


def test_requests_are_tracked_for_this_target_group_behind_this_balancer() -> None:
    label = "${WebLoadBalancer.LoadBalancerFullName}/${WebTargetGroup3FF6B5.TargetGroupFullName}"

    found = policy("WebRequestsScaling")["Properties"]

    assert found["PolicyName"] == {"Fn::Sub": "${AWS::StackName}-requests"}
    assert found["TargetTrackingScalingPolicyConfiguration"] == tracking(
        6000,
        PredefinedMetricSpecification={
            "PredefinedMetricType": "ALBRequestCountPerTarget",
            "ResourceLabel": {"Fn::Sub": label},
        },
    )


def test_memory_on_fargate_is_a_share_of_the_task() -> None:
    found = policy("WebMemoryScaling")["Properties"]

    assert found["PolicyName"] == {"Fn::Sub": "${AWS::StackName}-memory"}
    assert found["TargetTrackingScalingPolicyConfiguration"] == tracking(
        80,
        PredefinedMetricSpecification={
            "PredefinedMetricType": "ECSServiceAverageMemoryUtilization"
        },
    )


@pytest.mark.parametrize(
    ("size", "expression"),
    [
        pytest.param(_EC2, "utilization * 512 / 990", id="literals"),
        pytest.param(
            _EC2_TOKENS, {"Fn::Sub": "utilization * ${Number} / ${OtherNumber}"}, id="tokens"
        ),
    ],
)
def test_memory_on_instances_is_a_share_of_the_hard_limit(
    size: eb.Ec2Size, expression: object
) -> None:
    found = policy("WebMemoryScaling", size)["Properties"]

    assert found["TargetTrackingScalingPolicyConfiguration"] == tracking(
        80,
        CustomizedMetricSpecification={
            "Metrics": [
                {
                    "Id": "utilization",
                    "MetricStat": {
                        "Metric": {
                            "Namespace": "AWS/ECS",
                            "MetricName": "MemoryUtilization",
                            "Dimensions": [
                                {"Name": "ClusterName", "Value": "main"},
                                {
                                    "Name": "ServiceName",
                                    "Value": {"Fn::GetAtt": ["WebService", "Name"]},
                                },
                            ],
                        },
                        "Stat": "Average",
                    },
                    "ReturnData": False,
                },
                {
                    "Id": "memory",
                    "Expression": expression,
                    "Label": "memory, in percent of the hard limit",
                    "ReturnData": True,
                },
            ]
        },
    )


@pytest.mark.parametrize(
    ("id_", "targets"),
    [
        ("WebCpuScaling", {"cpu_percent": TOKENS.number}),
        ("WebMemoryScaling", {"memory_percent": TOKENS.number}),
        ("WebRequestsScaling", {"requests_per_minute": TOKENS.number}),
    ],
)
def test_what_to_aim_for_may_be_a_token(id_: str, targets: dict[str, Any]) -> None:
    found = policy(id_, **targets)["Properties"]["TargetTrackingScalingPolicyConfiguration"]

    assert found["TargetValue"] == {"Ref": "Number"}


@pytest.mark.parametrize(
    ("least", "most"), [(0, 0), (1, 1), (0, 5), (TOKENS.number, 1), (5, TOKENS.number)]
)
def test_bounds_that_go_together(least: eb.Value[int], most: eb.Value[int]) -> None:
    targets = eb.ScalingTargets(min_count=least, max_count=most)

    assert targets.cpu_percent == 70


def test_bounds_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.ScalingTargets(min_count=3, max_count=2)

    assert str(refused.value) == "at least 3 tasks are more than at most 2"


def test_the_logical_ids_are_a_contract() -> None:
    assert list(resources()) == [
        "WebScalableTarget",
        "WebCpuScaling",
        "WebMemoryScaling",
        "WebRequestsScaling",
    ]


def test_every_property_is_reachable_through_the_handle() -> None:
    made = parts()
    handle = made.stack.add("Web", scaling(made))

    handle.target.MinCapacity = 7
    handle.policies[0].TargetTrackingScalingPolicyConfiguration.DisableScaleIn = True

    found = made.resources
    assert found["WebScalableTarget"]["Properties"]["MinCapacity"] == 7
    cpu = found["WebCpuScaling"]["Properties"]["TargetTrackingScalingPolicyConfiguration"]
    assert cpu["DisableScaleIn"] is True


def utilization(made: Parts, **changed: Any) -> eb.UtilizationScaling:
    targets = eb.UtilizationTargets(**{"min_count": 2, "max_count": 10} | changed)
    return eb.UtilizationScaling(service=made.running(), task=made.task, targets=targets)


def test_without_a_balancer_requests_are_not_counted_and_the_rest_is_the_same() -> None:
    made = parts()
    found = made.new(utilization(made))

    assert found == {name: one for name, one in resources().items() if name != "WebRequestsScaling"}


_NIGHT = eb.ScheduledCount(
    name="Night", schedule="cron(0 20 ? * MON-FRI *)", min_count=0, max_count=0
)


def test_other_bounds_at_certain_times() -> None:
    morning = eb.ScheduledCount(
        name="Morning",
        schedule=TOKENS.word,
        time_zone="Asia/Tokyo",
        min_count=TOKENS.number,
        max_count=TOKENS.other_number,
    )
    found = resources(schedule=(_NIGHT, morning))["WebScalableTarget"]["Properties"]

    assert found["ScheduledActions"] == [
        {
            "ScheduledActionName": "Night",
            "Schedule": "cron(0 20 ? * MON-FRI *)",
            "Timezone": "UTC",
            "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 0},
        },
        {
            "ScheduledActionName": "Morning",
            "Schedule": {"Ref": "Word"},
            "Timezone": "Asia/Tokyo",
            "ScalableTargetAction": {
                "MinCapacity": {"Ref": "Number"},
                "MaxCapacity": {"Ref": "OtherNumber"},
            },
        },
    ]


def test_trap_9_no_schedule_is_said_to_be_none() -> None:
    assert resources()["WebScalableTarget"]["Properties"]["ScheduledActions"] == []


@pytest.mark.parametrize("value", [True, False, TOKENS.flag])
def test_scaling_is_suspended_as_a_whole_or_not_at_all(value: eb.Value[bool]) -> None:
    expected = {"Ref": "Flag"} if value is TOKENS.flag else value
    found = resources(suspended=value)

    assert found["WebScalableTarget"]["Properties"]["SuspendedState"] == suspended(value=expected)
    assert {one: two for one, two in found.items() if one != "WebScalableTarget"} == {
        one: two for one, two in resources().items() if one != "WebScalableTarget"
    }


def test_bounds_of_a_schedule_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.ScheduledCount(
            name="Night", schedule="at(2026-01-01T00:00:00)", min_count=1, max_count=0
        )

    assert str(refused.value) == "at least 1 tasks are more than at most 0"
