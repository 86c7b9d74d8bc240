"""EC2 instances of a cluster: what they are and may do. The traps are in the file beside."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import SUBNETS, TOKENS, instance_settings, instances


def properties(id_: str, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = instances(**changed).resources[id_]["Properties"]
    return found


def test_an_instance_is_what_every_audit_asks_for() -> None:
    user_data = (
        "#!/bin/bash\ncat >>/etc/ecs/ecs.config <<'EOF'\nECS_CLUSTER=${Main}\n"
        "ECS_AWSVPC_BLOCK_IMDS=true\nECS_ENABLE_SPOT_INSTANCE_DRAINING=true\nEOF\n"
    )

    assert instances().resources["WebLaunchTemplate"] == {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {
            "LaunchTemplateData": {
                "ImageId": {"Ref": "ImageId"},
                "InstanceType": "m7i.large",
                "IamInstanceProfile": {"Arn": {"Fn::GetAtt": ["WebInstanceProfile", "Arn"]}},
                "SecurityGroupIds": [{"Fn::GetAtt": ["WebInstanceSecurityGroup", "GroupId"]}],
                "MetadataOptions": {
                    "HttpEndpoint": "enabled",
                    "HttpTokens": "required",
                    "HttpPutResponseHopLimit": 1,
                },
                "Monitoring": {"Enabled": True},
                "BlockDeviceMappings": [
                    {
                        "DeviceName": "/dev/xvda",
                        "Ebs": {
                            "VolumeType": "gp3",
                            "VolumeSize": 30,
                            "Encrypted": True,
                            "DeleteOnTermination": True,
                        },
                    }
                ],
                "UserData": {"Fn::Base64": {"Fn::Sub": user_data}},
            }
        },
    }


def test_the_group_rolls_one_instance_at_a_time() -> None:
    activity, alarms = {"Ref": "ActivityAlarmTopic"}, {"Ref": "AlarmsAlarmTopic"}
    errors = [
        "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
        "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
    ]

    assert instances().resources["WebAutoScalingGroup"] == {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "UpdatePolicy": {
            "AutoScalingRollingUpdate": {
                "MaxBatchSize": 1,
                "MinInstancesInService": 1,
                "PauseTime": "PT3M",
                "SuspendProcesses": [
                    "AZRebalance",
                    "AlarmNotification",
                    "HealthCheck",
                    "ReplaceUnhealthy",
                    "ScheduledActions",
                ],
            },
            "AutoScalingScheduledAction": {"IgnoreUnmodifiedGroupSizeProperties": True},
        },
        "Properties": {
            "VPCZoneIdentifier": SUBNETS,
            "MinSize": "1",
            "MaxSize": "4",
            "LaunchTemplate": {
                "LaunchTemplateId": {"Ref": "WebLaunchTemplate"},
                "Version": {"Fn::GetAtt": ["WebLaunchTemplate", "LatestVersionNumber"]},
            },
            "HealthCheckType": "EC2",
            "HealthCheckGracePeriod": 60,
            "Cooldown": "60",
            "NewInstancesProtectedFromScaleIn": False,
            "MetricsCollection": [{"Granularity": "1Minute"}],
            "NotificationConfigurations": [
                {
                    "TopicARN": activity,
                    "NotificationTypes": [
                        "autoscaling:EC2_INSTANCE_LAUNCH",
                        "autoscaling:EC2_INSTANCE_TERMINATE",
                        *errors,
                    ],
                },
                {"TopicARN": alarms, "NotificationTypes": errors},
            ],
            "Tags": [
                {
                    "Key": "Name",
                    "Value": {"Fn::Sub": "${Main}-instance"},
                    "PropagateAtLaunch": True,
                },
                {"Key": "AmazonECSManaged", "Value": "true", "PropagateAtLaunch": True},
            ],
        },
    }


def test_the_capacity_provider_scales_and_drains() -> None:
    assert instances().resources["WebCapacityProvider"] == {
        "Type": "AWS::ECS::CapacityProvider",
        "Properties": {
            "Name": {"Fn::Sub": "ec2-${Main}"},
            "AutoScalingGroupProvider": {
                "AutoScalingGroupArn": {"Ref": "WebAutoScalingGroup"},
                "ManagedScaling": {
                    "Status": "ENABLED",
                    "TargetCapacity": 100,
                    "InstanceWarmupPeriod": 60,
                    "MinimumScalingStepSize": 1,
                    "MaximumScalingStepSize": 10,
                },
                "ManagedDraining": "ENABLED",
                "ManagedTerminationProtection": "DISABLED",
            },
        },
    }


def test_the_agent_may_work_in_this_cluster_only() -> None:
    cluster = {"Fn::GetAtt": ["Main", "Arn"]}
    instances = (
        "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:container-instance/${Main}/*"
    )
    found = properties("WebInstanceRole")
    policies = {one["PolicyName"]: one["PolicyDocument"]["Statement"] for one in found["Policies"]}

    assert policies == {
        "Agent": [
            {
                "Effect": "Allow",
                "Action": [
                    "ecs:DeregisterContainerInstance",
                    "ecs:RegisterContainerInstance",
                    "ecs:SubmitAttachmentStateChanges",
                    "ecs:SubmitContainerStateChange",
                    "ecs:SubmitTaskStateChange",
                ],
                "Resource": [cluster],
            },
            {
                "Effect": "Allow",
                "Action": [
                    "ecs:Poll",
                    "ecs:StartTelemetrySession",
                    "ecs:UpdateContainerInstancesState",
                ],
                "Resource": [{"Fn::Sub": instances}],
                "Condition": {"ArnEquals": {"ecs:cluster": cluster}},
            },
        ],
        "Discover": [
            {"Effect": "Allow", "Action": ["ecs:DiscoverPollEndpoint"], "Resource": ["*"]}
        ],
    }


def test_ec2_gives_the_role_to_instances() -> None:
    resources = instances().resources

    assert resources["WebInstanceRole"]["Properties"]["AssumeRolePolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": ["ec2.amazonaws.com"]},
                "Action": ["sts:AssumeRole"],
            }
        ],
    }
    assert resources["WebInstanceProfile"] == {
        "Type": "AWS::IAM::InstanceProfile",
        "Properties": {"Roles": [{"Ref": "WebInstanceRole"}]},
    }


def test_settings_may_be_tokens() -> None:
    one = instances(
        vpc_id=TOKENS.vpc_id,
        subnet_ids=TOKENS.subnet_ids,
        instance_type=TOKENS.word,
        min_size=TOKENS.number,
        max_size=TOKENS.other_number,
        target_percent=TOKENS.number,
    )

    group = one.resources["WebAutoScalingGroup"]
    provider = one.resources["WebCapacityProvider"]["Properties"]["AutoScalingGroupProvider"]
    data = one.resources["WebLaunchTemplate"]["Properties"]["LaunchTemplateData"]
    assert group["Properties"]["VPCZoneIdentifier"] == {"Ref": "SubnetIds"}
    assert group["Properties"]["MaxSize"] == {"Ref": "OtherNumber"}
    assert group["UpdatePolicy"]["AutoScalingRollingUpdate"]["MinInstancesInService"] == {
        "Ref": "Number"
    }
    assert provider["ManagedScaling"]["TargetCapacity"] == {"Ref": "Number"}
    assert data["InstanceType"] == {"Ref": "Word"}


@pytest.mark.parametrize(
    ("least", "most"), [(0, 1), (1, 2), (TOKENS.number, 1), (5, TOKENS.number)]
)
def test_sizes_that_go_together(least: eb.Value[int], most: eb.Value[int]) -> None:
    assert instance_settings(min_size=least, max_size=most).target_percent == 100


@pytest.mark.parametrize(("least", "most"), [(1, 1), (2, 1)])
def test_a_group_in_which_no_instance_could_be_replaced_is_refused(least: int, most: int) -> None:
    with pytest.raises(eb.BlockError) as refused:
        instance_settings(min_size=least, max_size=most)

    assert str(refused.value) == f"max_size {most} is not above min_size {least}"


def test_the_logical_ids_are_a_contract() -> None:
    assert [id_ for id_ in instances().ids if id_.startswith("Web")] == [
        "WebInstanceRole",
        "WebInstanceProfile",
        "WebInstanceSecurityGroup",
        "WebLaunchTemplate",
        "WebAutoScalingGroup",
        "WebCapacityProvider",
    ]


def test_every_property_is_reachable_through_the_handle() -> None:
    one = instances()

    one.handle.group.MaxInstanceLifetime = 604800
    one.handle.launch_template.LaunchTemplateData.EbsOptimized = True
    one.handle.role.RoleName = "agents"
    one.handle.profile.Path = "/agents/"
    one.handle.security_group.GroupName = "agents"
    one.handle.capacity_provider.AutoScalingGroupProvider.ManagedScaling.TargetCapacity = 90

    found = {name: body.get("Properties", {}) for name, body in one.resources.items()}
    assert found["WebAutoScalingGroup"]["MaxInstanceLifetime"] == 604800
    assert found["WebLaunchTemplate"]["LaunchTemplateData"]["EbsOptimized"] is True
    assert found["WebInstanceRole"]["RoleName"] == "agents"
    assert found["WebInstanceProfile"]["Path"] == "/agents/"
    assert found["WebInstanceSecurityGroup"]["GroupName"] == "agents"
    provider = found["WebCapacityProvider"]["AutoScalingGroupProvider"]
    assert provider["ManagedScaling"]["TargetCapacity"] == 90
