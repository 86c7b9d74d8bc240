"""The ECS service.

Trap 1: a desired count in the template would undo what scaling did.
Trap 3: a target group has to have its load balancer before the service comes.
Trap 5: ECS takes five target groups of a service.
Trap 6: a deployment that never ends; the circuit breaker stops it and rolls back.
Trap 9: what is left out stays as it was; what is off is said to be off.
Trap 10: a launch type cannot become a strategy; a changed strategy needs a new deployment.
Trap 11: a fixed name blocks a replacement.
Trap 12: a deployment controller replaces the service.
Trap 13: Spot alone may never start; the first task is not on Spot.
Trap 25: new tasks get time before their health counts, more than the checks need.
Trap 35: exec is off, explicitly.
Trap 37: zones are rebalanced, explicitly, and there is room for it.
Trap 46: tags of ECS and of the service reach the tasks.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import (
    KEY,
    SUBNETS,
    TOKENS,
    VPC,
    Parts,
    fargate_task,
    parts,
    resources,
)


def service(**changed: Any) -> dict[str, Any]:
    made = parts()
    [found] = made.new(made.service(**changed)).values()
    body: dict[str, Any] = found
    return body


def properties(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = service(**changed)["Properties"]
    return found


def test_a_service_of_literals() -> None:
    assert service() == {
        "Type": "AWS::ECS::Service",
        "DependsOn": ["WebListenerRule"],
        "Properties": {
            "Cluster": "main",
            "TaskDefinition": {"Ref": "WebTaskDefinition"},
            "SchedulingStrategy": "REPLICA",
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {
                    "AssignPublicIp": "DISABLED",
                    "Subnets": SUBNETS,
                    "SecurityGroups": [{"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]}],
                }
            },
            "LoadBalancers": [
                {
                    "ContainerName": "app",
                    "ContainerPort": 8080,
                    "TargetGroupArn": {"Ref": "WebTargetGroup3FF6B5"},
                }
            ],
            "HealthCheckGracePeriodSeconds": 60,
            "DeploymentConfiguration": {
                "MinimumHealthyPercent": 100,
                "MaximumPercent": 200,
                "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
                "Alarms": {"AlarmNames": [], "Enable": False, "Rollback": False},
            },
            "AvailabilityZoneRebalancing": "ENABLED",
            "EnableExecuteCommand": False,
            "ServiceConnectConfiguration": {"Enabled": False},
            "EnableECSManagedTags": True,
            "PropagateTags": "SERVICE",
            "VolumeConfigurations": [],
        },
    }


def test_a_service_of_tokens() -> None:
    found = properties(cluster_name=TOKENS.word, subnet_ids=TOKENS.subnet_ids)

    assert found["Cluster"] == {"Ref": "Word"}
    assert found["NetworkConfiguration"]["AwsvpcConfiguration"]["Subnets"] == {"Ref": "SubnetIds"}


def test_trap_1_the_desired_count_is_left_to_scaling() -> None:
    assert "DesiredCount" not in properties()


def test_trap_3_the_rule_that_feeds_the_target_group_comes_first() -> None:
    assert service()["DependsOn"] == ["WebListenerRule"]


def test_trap_6_a_broken_deployment_is_stopped_and_rolled_back() -> None:
    breaker = properties()["DeploymentConfiguration"]["DeploymentCircuitBreaker"]

    assert breaker == {"Enable": True, "Rollback": True}


def attachment(made: Parts, **changed: Any) -> eb.Attachment:
    return eb.Attachment(target_group=made.target_group, after=made.rule, **changed)


def test_trap_3_each_rule_that_feeds_a_target_group_comes_first_and_once() -> None:
    made = parts()
    twice = (attachment(made), attachment(made, container="proxy", port=9901))
    [found] = made.new(made.service(attachments=twice)).values()

    assert found["DependsOn"] == ["WebListenerRule"]
    assert [
        (one["ContainerName"], one["ContainerPort"]) for one in found["Properties"]["LoadBalancers"]
    ] == [("app", 8080), ("proxy", 9901)]


def test_trap_5_a_sixth_target_group_is_refused() -> None:
    made = parts()

    with pytest.raises(eb.BlockError) as refused:
        made.service(attachments=(attachment(made),) * 6)

    assert str(refused.value) == "6 target groups; ECS takes 5 of a service"


def test_trap_9_a_service_that_nobody_sends_to_says_so() -> None:
    found = service(attachments=())

    assert (found["Properties"]["LoadBalancers"], found["Properties"]["ServiceRegistries"]) == (
        [],
        [],
    )
    assert "DependsOn" not in found


def test_trap_25_without_a_balancer_there_is_no_grace_period() -> None:
    assert "HealthCheckGracePeriodSeconds" not in properties(attachments=())


@pytest.mark.parametrize(
    ("path", "off"),
    [
        pytest.param(("ServiceConnectConfiguration",), {"Enabled": False}, id="Service Connect"),
        pytest.param(
            ("DeploymentConfiguration", "Alarms"),
            {"AlarmNames": [], "Enable": False, "Rollback": False},
            id="deployment alarms",
        ),
    ],
)
def test_trap_9_what_is_off_is_said_to_be_off(path: tuple[str, ...], off: object) -> None:
    found: Any = properties()
    for key in path:
        found = found[key]

    assert found == off


def strategy(**changed: Any) -> dict[str, Any]:
    found = properties(capacity=eb.FargateCapacity(**changed))
    return {key: found[key] for key in ("CapacityProviderStrategy", "ForceNewDeployment")}


@pytest.mark.parametrize(
    "capacity", [eb.ClusterDefault(), eb.ClusterDefault(explicit=True), eb.FargateCapacity()]
)
def test_trap_10_there_is_never_a_launch_type(capacity: Any) -> None:
    assert "LaunchType" not in properties(capacity=capacity)


def test_trap_10_the_cluster_s_default_is_no_strategy_at_all() -> None:
    found = properties(capacity=eb.ClusterDefault())

    assert not {"CapacityProviderStrategy", "ForceNewDeployment"} & set(found)


def test_trap_9_a_service_that_had_a_strategy_is_told_that_it_has_none() -> None:
    found = properties(capacity=eb.ClusterDefault(explicit=True))

    assert found["CapacityProviderStrategy"] == []
    assert found["ForceNewDeployment"] == {
        "EnableForceNewDeployment": True,
        "ForceNewDeploymentNonce": "capacity-default",
    }


def test_trap_10_a_strategy_of_tokens() -> None:
    found = strategy(base=TOKENS.number, weight=1, spot_weight=TOKENS.other_number)

    assert found == {
        "CapacityProviderStrategy": [
            {"CapacityProvider": "FARGATE", "Base": {"Ref": "Number"}, "Weight": 1},
            {"CapacityProvider": "FARGATE_SPOT", "Weight": {"Ref": "OtherNumber"}},
        ],
        "ForceNewDeployment": {
            "EnableForceNewDeployment": True,
            "ForceNewDeploymentNonce": {"Fn::Sub": "capacity-${Number}-1-${OtherNumber}"},
        },
    }


def test_trap_10_a_changed_strategy_forces_a_deployment_and_the_same_one_does_not() -> None:
    nonces = [
        strategy(**changed)["ForceNewDeployment"]["ForceNewDeploymentNonce"]
        for changed in ({}, {}, {"base": 2}, {"weight": 2}, {"spot_weight": 2})
    ]

    assert nonces == [
        "capacity-1-1-0",
        "capacity-1-1-0",
        "capacity-2-1-0",
        "capacity-1-2-0",
        "capacity-1-1-2",
    ]


def test_trap_11_the_service_has_no_name_that_a_second_one_could_collide_with() -> None:
    assert "ServiceName" not in properties()


def test_trap_12_there_is_no_deployment_controller() -> None:
    assert "DeploymentController" not in properties()


def test_trap_13_the_first_task_is_not_on_spot() -> None:
    assert strategy(spot_weight=3)["CapacityProviderStrategy"][0] == {
        "CapacityProvider": "FARGATE",
        "Base": 1,
        "Weight": 1,
    }


@pytest.mark.parametrize(
    "capacity",
    [
        pytest.param({"weight": 0, "spot_weight": 1}, id="Spot beyond the base"),
        pytest.param({"weight": 0, "spot_weight": TOKENS.number}, id="a token"),
        pytest.param({"weight": TOKENS.number, "spot_weight": 0}, id="the other one"),
    ],
)
def test_trap_13_a_strategy_that_ecs_takes(capacity: dict[str, Any]) -> None:
    providers = [
        one["CapacityProvider"] for one in strategy(**capacity)["CapacityProviderStrategy"]
    ]

    assert providers == ["FARGATE", "FARGATE_SPOT"]


def test_trap_13_a_strategy_without_weight_is_refused() -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.FargateCapacity(weight=0, spot_weight=0)

    assert str(refused.value) == (
        "weight and spot_weight cannot both be 0; ECS refuses such a strategy"
    )


def test_trap_25_a_new_task_gets_more_time_than_failing_its_checks_takes() -> None:
    [group] = resources(eb.TargetGroup(vpc_id=VPC, port=8080)).values()
    checks = group["Properties"]
    failing = checks["HealthCheckIntervalSeconds"] * checks["UnhealthyThresholdCount"]

    assert properties()["HealthCheckGracePeriodSeconds"] > failing


def test_trap_25_a_slow_starter_can_ask_for_more() -> None:
    assert properties(grace_period_s=300)["HealthCheckGracePeriodSeconds"] == 300


def test_trap_35_exec_is_off() -> None:
    assert properties()["EnableExecuteCommand"] is False


def with_task(**changed: Any) -> dict[str, Any]:
    made = parts(fargate_task(**changed))
    found: dict[str, Any] = made.new(made.service(attachments=()))
    return found


@pytest.mark.parametrize(
    ("enabled", "expected"), [(True, True), (TOKENS.flag, {"Ref": "Flag"})], ids=["on", "a token"]
)
def test_trap_35_exec_is_as_the_task_says(enabled: Any, expected: object) -> None:
    exec_ = eb.Exec(key_arn=KEY, log_group_name="/ecs/cluster/exec", enabled=enabled)
    found = with_task(container=eb.Container(exec=exec_))["WebService"]["Properties"]

    assert found["EnableExecuteCommand"] == expected


def test_a_disk_of_each_task_is_made_and_attached_by_ecs() -> None:
    disk = eb.EbsVolume(name="disk", size_gib=TOKENS.number)
    found = with_task(container=eb.Container(mounts=(eb.Mount(disk, "/data"),)))

    assert list(found) == ["WebVolumeRole", "WebService"]
    assert found["WebService"]["Properties"]["VolumeConfigurations"] == [
        {
            "Name": "disk",
            "ManagedEBSVolume": {
                "RoleArn": {"Fn::GetAtt": ["WebVolumeRole", "Arn"]},
                "Encrypted": True,
                "SizeInGiB": {"Ref": "Number"},
                "VolumeType": "gp3",
                "TagSpecifications": [{"ResourceType": "volume", "PropagateTags": "SERVICE"}],
            },
        }
    ]
    assert found["WebVolumeRole"]["Properties"]["ManagedPolicyArns"] == [
        {
            "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/"
            "AmazonECSInfrastructureRolePolicyForVolumes"
        }
    ]


def test_trap_9_a_disk_that_is_gone_is_said_to_be_gone() -> None:
    assert properties()["VolumeConfigurations"] == []


def test_trap_37_zones_are_rebalanced_and_there_is_room_for_it() -> None:
    found = properties()

    assert found["AvailabilityZoneRebalancing"] == "ENABLED"
    assert found["DeploymentConfiguration"]["MaximumPercent"] > 100


@pytest.mark.parametrize(
    ("deployment", "zones"),
    [
        pytest.param(
            eb.Rolling(minimum_healthy_percent=0, maximum_percent=100), "DISABLED", id="no"
        ),
        pytest.param(
            eb.Rolling(minimum_healthy_percent=50, maximum_percent=101), "ENABLED", id="1"
        ),
        pytest.param(eb.Rolling(rebalances_zones=False), "DISABLED", id="it is not wanted"),
        pytest.param(
            eb.Rolling(maximum_percent=TOKENS.number, rebalances_zones=False),
            "DISABLED",
            id="100 somewhere",
        ),
        pytest.param(
            eb.Rolling(maximum_percent=TOKENS.number, rebalances_zones=True),
            "ENABLED",
            id="more everywhere",
        ),
        pytest.param(eb.BlueGreen(), "ENABLED", id="twice as many"),
    ],
)
def test_trap_37_without_room_zones_are_not_rebalanced(deployment: Any, zones: str) -> None:
    assert properties(deployment=deployment)["AvailabilityZoneRebalancing"] == zones


def test_trap_46_tags_reach_the_tasks() -> None:
    found = properties()

    assert (found["EnableECSManagedTags"], found["PropagateTags"]) == (True, "SERVICE")


def test_the_logical_id_is_a_contract() -> None:
    made = parts()

    assert list(made.new(made.service())) == ["WebService"]


def test_the_handle_hands_on_the_name_not_the_arn() -> None:
    assert parts().running().name.to_dict() == {"Fn::GetAtt": ["WebService", "Name"]}


def test_every_property_is_reachable_through_the_handle() -> None:
    made = parts()
    handle = made.running()

    handle.resource.EnableExecuteCommand = True
    handle.resource.DeploymentConfiguration.MinimumHealthyPercent = 50

    found = made.resources["WebService"]["Properties"]
    assert found["EnableExecuteCommand"] is True
    assert found["DeploymentConfiguration"]["MinimumHealthyPercent"] == 50
