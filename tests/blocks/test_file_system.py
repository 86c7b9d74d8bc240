"""A file system and who reaches it.

Trap 3: the service comes after what its tasks need to start.
"""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import KEY, SUBNETS, TOKENS, VPC, built, resources
from tests.blocks.standard import Standard

IDS = [
    "WebFileSystemSecurityGroup",
    "WebFileSystem",
    "WebMountTarget1",
    "WebMountTarget2",
    "WebAccessPoint",
]


def system(**changed: Any) -> eb.FileSystem:
    return eb.FileSystem(**{"vpc_id": VPC, "subnet_ids": SUBNETS, "key_arn": KEY} | changed)


def test_the_logical_ids_are_a_contract() -> None:
    assert built(system()).ids == IDS


def test_it_is_encrypted_backed_up_and_kept() -> None:
    assert resources(system())["WebFileSystem"] == {
        "Type": "AWS::EFS::FileSystem",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Encrypted": True,
            "KmsKeyId": KEY,
            "PerformanceMode": "generalPurpose",
            "ThroughputMode": "elastic",
            "BackupPolicy": {"Status": "ENABLED"},
            "LifecyclePolicies": [
                {"TransitionToIA": "AFTER_30_DAYS"},
                {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
            ],
            "FileSystemPolicy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "DenyWithoutTls",
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": ["elasticfilesystem:*"],
                        "Resource": ["*"],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ],
            },
        },
    }


def test_no_backup_is_said_to_be_none() -> None:
    found = resources(system(backup=False))["WebFileSystem"]["Properties"]

    assert found["BackupPolicy"] == {"Status": "DISABLED"}


@pytest.mark.parametrize(
    ("subnets", "first"),
    [
        (SUBNETS, SUBNETS[0]),
        (TOKENS.subnet_ids, {"Fn::Select": [0, {"Ref": "SubnetIds"}]}),
    ],
)
def test_every_subnet_has_a_mount_target(subnets: Any, first: object) -> None:
    found = resources(system(subnet_ids=subnets))

    assert found["WebMountTarget1"]["Properties"] == {
        "FileSystemId": {"Ref": "WebFileSystem"},
        "SubnetId": first,
        "SecurityGroups": [{"Fn::GetAtt": ["WebFileSystemSecurityGroup", "GroupId"]}],
    }


def test_files_belong_to_the_containers_user() -> None:
    found = resources(system(user_id=999, path="/wiki"))["WebAccessPoint"]["Properties"]

    assert found["PosixUser"] == {"Uid": "999", "Gid": "999"}
    assert found["RootDirectory"] == {
        "Path": "/wiki",
        "CreationInfo": {"OwnerUid": "999", "OwnerGid": "999", "Permissions": "0750"},
    }


def service(env: eb.FargateBackgroundServiceEnvironment) -> Any:
    class Both:
        """A service that mounts a file system of its own."""

        def build(self, scope: Any) -> Any:
            files = scope.build(system())
            mount = eb.Mount(files.volume("pages"), "/pages")
            tasks = scope.build(
                eb.BackgroundService.standard(
                    env, container=eb.Container(mounts=(mount,)), egress=(files.egress,)
                )
            )
            scope.build(eb.FileSystemAccess(file_system=files, tasks=tasks))

    return Both()


def test_trap_3_tasks_reach_it_and_start_once_they_can() -> None:
    made = Standard(eb.FargateBackgroundServiceEnvironment, service)

    assert made.properties("WebToFileSystem") == {
        "GroupId": {"Fn::GetAtt": ["WebFileSystemSecurityGroup", "GroupId"]},
        "Description": "port 2049 from the tasks",
        "IpProtocol": "tcp",
        "FromPort": 2049,
        "ToPort": 2049,
        "SourceSecurityGroupId": {"Fn::GetAtt": ["WebSecurityGroup", "GroupId"]},
    }
    assert made.template["Resources"]["WebService"]["DependsOn"] == [
        "WebToFileSystem",
        "WebMountTarget1",
        "WebMountTarget2",
    ]
    assert made.properties("WebTaskDefinition")["Volumes"] == [
        {
            "Name": "pages",
            "EFSVolumeConfiguration": {
                "FilesystemId": {"Ref": "WebFileSystem"},
                "RootDirectory": "/",
                "TransitEncryption": "ENABLED",
                "AuthorizationConfig": {
                    "AccessPointId": {"Ref": "WebAccessPoint"},
                    "IAM": "ENABLED",
                },
            },
        }
    ]


def job(env: eb.ScheduledJobEnvironment) -> Any:
    class Both:
        """A job that mounts a file system of its own."""

        def build(self, scope: Any) -> Any:
            files = scope.build(system())
            mount = eb.Mount(files.volume("pages"), "/pages")
            tasks = scope.build(
                eb.ScheduledJob.standard(
                    env, container=eb.Container(mounts=(mount,)), egress=(files.egress,)
                )
            )
            scope.build(eb.FileSystemAccess(file_system=files, tasks=tasks))

    return Both()


def test_a_job_reaches_it_too() -> None:
    made = Standard(eb.ScheduledJobEnvironment, job)
    [policy] = made.properties("WebTaskRole")["Policies"]

    assert made.properties("WebToFileSystem")["SourceSecurityGroupId"] == {
        "Fn::GetAtt": ["WebSecurityGroup", "GroupId"]
    }
    assert made.template["Resources"]["WebSchedule"]["DependsOn"] == [
        "WebToFileSystem",
        "WebMountTarget1",
        "WebMountTarget2",
    ]
    assert policy["PolicyName"] == "Volumes"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"zones": 3},
            "2 subnets and zones=3: each subnet needs a mount target; where environments "
            "differ, declare zones as a Shape[int]",
        ),
        (
            {"path": "data"},
            "'data' is not a path from the root, like /data: EFS takes four folders and 100 "
            "characters, none of them $#<>;`|&?{}^*",
        ),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        system(**changed)

    assert str(refused.value) == message
