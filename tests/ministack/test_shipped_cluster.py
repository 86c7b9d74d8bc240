"""The cluster of each environment, as ECS, EC2, Auto Scaling, IAM and Logs tell it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from tests.ministack.shipped import IMAGE_ID, LOG_DAYS, PRIVATE_SUBNETS, REGION, VPCS

if TYPE_CHECKING:
    from tests.ministack.shipped import Deployed

pytestmark = pytest.mark.ministack

# What stacks/cluster/environment.yaml says: type, smallest and largest number of instances.
INSTANCES = {"dev": ("t3.medium", 1, 3), "stg": ("t3.medium", 1, 3), "prod": ("m7i.large", 2, 8)}


def cluster_of(deployed: Deployed) -> Any:
    what = {"clusters": [deployed.cluster], "include": ["SETTINGS", "CONFIGURATIONS"]}
    [cluster] = deployed.ask("ecs", "describe_clusters", **what)["clusters"]
    return cluster


def launched(deployed: Deployed) -> Any:
    """Describe what the Auto Scaling group launches, by the version that it names."""
    [group] = deployed.ask("autoscaling", "describe_auto_scaling_groups")["AutoScalingGroups"]
    template = group["LaunchTemplate"]
    [version] = deployed.ask(
        "ec2",
        "describe_launch_template_versions",
        LaunchTemplateId=template["LaunchTemplateId"],
        Versions=[template["Version"]],
    )["LaunchTemplateVersions"]
    return version["LaunchTemplateData"]


def test_environment_has_the_cluster_that_its_services_name(deployed: Deployed) -> None:
    arn = f"arn:aws:ecs:{REGION}:{deployed.account}:cluster/{deployed.cluster}"

    assert deployed.ask("ecs", "list_clusters")["clusterArns"] == [arn]


def test_cluster_runs_on_instances_unless_a_service_says_fargate(deployed: Deployed) -> None:
    cluster, own = cluster_of(deployed), f"ec2-{deployed.cluster}"

    assert cluster["capacityProviders"] == ["FARGATE", "FARGATE_SPOT", own]
    assert cluster["defaultCapacityProviderStrategy"] == [{"capacityProvider": own, "weight": 1}]


def test_cluster_is_watched_and_its_exec_sessions_are_logged(deployed: Deployed) -> None:
    cluster = cluster_of(deployed)

    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    assert cluster["configuration"]["executeCommandConfiguration"] == {
        "kmsKeyId": deployed.stacks["cluster"].outputs["KeyArn"],
        "logging": "OVERRIDE",
        "logConfiguration": {
            "cloudWatchLogGroupName": f"/ecs/cluster-{deployed.environment}/exec",
            "cloudWatchEncryptionEnabled": True,
        },
    }


def test_exec_log_group_is_kept_as_long_as_declared(deployed: Deployed) -> None:
    prefix = {"logGroupNamePrefix": f"/ecs/cluster-{deployed.environment}/"}
    [group] = deployed.ask("logs", "describe_log_groups", **prefix)["logGroups"]

    assert group["retentionInDays"] == LOG_DAYS[deployed.environment]
    assert group["kmsKeyId"] == deployed.stacks["cluster"].outputs["KeyArn"]


def test_instances_are_as_many_and_where_declared(deployed: Deployed) -> None:
    [group] = deployed.ask("autoscaling", "describe_auto_scaling_groups")["AutoScalingGroups"]
    _, smallest, largest = INSTANCES[deployed.environment]

    assert (group["MinSize"], group["MaxSize"]) == (smallest, largest)
    assert group["VPCZoneIdentifier"].split(",") == PRIVATE_SUBNETS[deployed.environment]


def test_ecs_scales_and_drains_the_group(deployed: Deployed) -> None:
    name = {"capacityProviders": [f"ec2-{deployed.cluster}"]}
    found = deployed.ask("ecs", "describe_capacity_providers", **name)["capacityProviders"]

    assert found[0]["autoScalingGroupProvider"] == {
        "autoScalingGroupArn": deployed.id_of("cluster", "AutoScalingGroup"),
        "managedScaling": {
            "status": "ENABLED",
            "targetCapacity": 100,
            "minimumScalingStepSize": 1,
            "maximumScalingStepSize": 10,
            "instanceWarmupPeriod": 60,
        },
        "managedTerminationProtection": "DISABLED",
        "managedDraining": "ENABLED",
    }


def test_instances_are_of_the_declared_type_with_the_image_from_ssm(deployed: Deployed) -> None:
    data = launched(deployed)

    assert data["InstanceType"] == INSTANCES[deployed.environment][0]
    assert data["ImageId"] == IMAGE_ID


def test_instances_are_hardened(deployed: Deployed) -> None:
    data = launched(deployed)
    [disk] = data["BlockDeviceMappings"]
    metadata = data["MetadataOptions"]

    assert (metadata["HttpTokens"], metadata["HttpPutResponseHopLimit"]) == ("required", 1)
    assert (disk["Ebs"]["Encrypted"], disk["Ebs"]["VolumeType"]) == (True, "gp3")


def test_instances_join_this_cluster(deployed: Deployed) -> None:
    script = base64.b64decode(launched(deployed)["UserData"]).decode()

    assert script.splitlines()[0] == "#!/bin/bash"
    assert f"ECS_CLUSTER={deployed.cluster}" in script.splitlines()


def test_nothing_comes_into_an_instance_and_https_goes_out(deployed: Deployed) -> None:
    groups = {"GroupIds": launched(deployed)["SecurityGroupIds"]}
    [group] = deployed.ask("ec2", "describe_security_groups", **groups)["SecurityGroups"]

    assert group["VpcId"] == VPCS[deployed.environment]
    assert group["IpPermissions"] == []
    assert {(rule["FromPort"], rule["ToPort"]) for rule in group["IpPermissionsEgress"]} == {
        (443, 443)
    }


def test_instances_have_the_role_of_this_cluster_only(deployed: Deployed) -> None:
    role = deployed.id_of("cluster", "InstanceRole")
    [profile] = deployed.ask("iam", "list_instance_profiles")["InstanceProfiles"]
    names = deployed.ask("iam", "list_role_policies", RoleName=role)["PolicyNames"]
    statements = [
        statement
        for name in names
        for statement in deployed.ask("iam", "get_role_policy", RoleName=role, PolicyName=name)[
            "PolicyDocument"
        ]["Statement"]
    ]
    arn = f"arn:aws:ecs:{REGION}:{deployed.account}"

    assert launched(deployed)["IamInstanceProfile"]["Arn"] == profile["Arn"]
    assert [item["RoleName"] for item in profile["Roles"]] == [role]
    assert {resource for item in statements for resource in item["Resource"]} == {
        f"{arn}:cluster/{deployed.cluster}",
        f"{arn}:container-instance/{deployed.cluster}/*",
        "*",
    }
    assert [item["Action"] for item in statements if item["Resource"] == ["*"]] == [
        ["ecs:DiscoverPollEndpoint"]
    ]
