"""Managed Instances of a cluster.

Trap 15: the provider's name does not begin with the stack's, which could be "ecs…".
"""

from __future__ import annotations

from typing import Any

import ecs_blocks as eb
from tests.blocks.helpers import SUBNETS, VPC
from tests.blocks.standard import Standard
from tests.blocks.test_cluster import FARGATE_IDS, made

IDS = [
    "SharedManagedInstanceRole",
    "SharedManagedInstanceProfile",
    "SharedInfrastructureRole",
    "SharedManagedInstanceSecurityGroup",
    "SharedManagedCapacityProvider",
]


def settings(**changed: Any) -> eb.ManagedInstanceSettings:
    return eb.ManagedInstanceSettings(**{"vpc_id": VPC, "subnet_ids": SUBNETS} | changed)


def resources(**changed: Any) -> dict[str, Any]:
    return made(instances=settings(**changed)).resources


def template(**changed: Any) -> dict[str, Any]:
    provider = resources(**changed)["SharedManagedCapacityProvider"]["Properties"]
    found: dict[str, Any] = provider["ManagedInstancesProvider"]["InstanceLaunchTemplate"]
    return found


def test_the_logical_ids_are_a_contract() -> None:
    assert [one for one in resources() if one not in FARGATE_IDS] == IDS


def test_trap_15_the_provider_is_of_this_cluster_alone_and_named() -> None:
    assert resources()["SharedManagedCapacityProvider"]["Properties"] == {
        "Name": {"Fn::Sub": "managed-${SharedCluster}"},
        "ClusterName": {"Ref": "SharedCluster"},
        "ManagedInstancesProvider": {
            "InfrastructureRoleArn": {"Fn::GetAtt": ["SharedInfrastructureRole", "Arn"]},
            "InstanceLaunchTemplate": {
                "Ec2InstanceProfileArn": {"Fn::GetAtt": ["SharedManagedInstanceProfile", "Arn"]},
                "NetworkConfiguration": {
                    "Subnets": SUBNETS,
                    "SecurityGroups": [
                        {"Fn::GetAtt": ["SharedManagedInstanceSecurityGroup", "GroupId"]}
                    ],
                },
                "StorageConfiguration": {"StorageSizeGiB": 80},
                "CapacityOptionType": "ON_DEMAND",
                "Monitoring": "DETAILED",
            },
            "PropagateTags": "CAPACITY_PROVIDER",
        },
    }


def test_it_is_the_default_and_is_not_listed_which_ecs_would_refuse() -> None:
    found = resources()["SharedCapacityProviders"]["Properties"]

    assert found["CapacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert found["DefaultCapacityProviderStrategy"] == [
        {"CapacityProvider": {"Ref": "SharedManagedCapacityProvider"}, "Weight": 1}
    ]


def test_ecs_may_give_instances_this_role_and_no_other() -> None:
    role = resources()["SharedInfrastructureRole"]["Properties"]
    [policy] = role["Policies"]

    assert role["ManagedPolicyArns"] == [
        {
            "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/"
            "AmazonECSInfrastructureRolePolicyForManagedInstances"
        }
    ]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["iam:PassRole"],
            "Resource": [{"Fn::GetAtt": ["SharedManagedInstanceRole", "Arn"]}],
            "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        }
    ]


def test_what_an_instance_has_to_be_like() -> None:
    requirements = eb.InstanceRequirements(
        vcpu_min=4, vcpu_max=8, memory_min_mib=8192, memory_max_mib=32768, architecture="ARM64"
    )

    assert template(requirements=requirements, purchase="SPOT")["InstanceRequirements"] == {
        "VCpuCount": {"Min": 4, "Max": 8},
        "MemoryMiB": {"Min": 8192, "Max": 32768},
        "CpuManufacturers": ["amazon-web-services"],
        "InstanceGenerations": ["current"],
        "BareMetal": "excluded",
        "BurstablePerformance": "excluded",
    }
    assert template(purchase="SPOT")["CapacityOptionType"] == "SPOT"


def test_the_standard_cluster_uses_every_parameter_but_those_of_alarms_it_has_not() -> None:
    made = Standard(eb.ManagedInstancesEnvironment, eb.Cluster.standard)

    assert made.unused == {"AlarmReservationPercent"}
    assert made.outputs == [
        "ClusterName",
        "ClusterArn",
        "AlarmTopicArn",
        "KeyArn",
        "AccessLogBucket",
        "ExecLogGroupName",
        "CapacityProvider",
        "InstanceSecurityGroupId",
    ]
