"""What containers mount, and what the task's role needs for it."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from tests.blocks.helpers import TOKENS, fargate_task, resources

_EFS = eb.EfsVolume(name="files", file_system_id=TOKENS.word, access_point_id="fsap-0a1b2c3d")
_DISK = eb.EbsVolume(name="disk", size_gib=TOKENS.number)


_EC2 = eb.Ec2Size(memory_reservation_mib=512, memory_mib=990)


def task(*mounts: eb.Mount) -> dict[str, Any]:
    return resources(fargate_task(size=_EC2, container=eb.Container(mounts=mounts)))


ROWS = [
    pytest.param(eb.ScratchVolume("shared"), {"Name": "shared"}, id="scratch"),
    pytest.param(
        eb.HostVolume("logs", "/var/log"),
        {"Name": "logs", "Host": {"SourcePath": "/var/log"}},
        id="of the instance",
    ),
    pytest.param(_DISK, {"Name": "disk", "ConfiguredAtLaunch": True}, id="a disk"),
    pytest.param(
        _EFS,
        {
            "Name": "files",
            "EFSVolumeConfiguration": {
                "FilesystemId": {"Ref": "Word"},
                "RootDirectory": "/",
                "TransitEncryption": "ENABLED",
                "AuthorizationConfig": {"AccessPointId": "fsap-0a1b2c3d", "IAM": "ENABLED"},
            },
        },
        id="a file system, encrypted on the way and asked for with the role",
    ),
]


@pytest.mark.parametrize(("volume", "expected"), ROWS)
def test_a_volume_stands_in_the_task_once_however_often_it_is_mounted(
    volume: Any, expected: dict[str, Any]
) -> None:
    found = task(eb.Mount(volume, "/a"), eb.Mount(volume, "/b"))

    assert found["WebTaskDefinition"]["Properties"]["Volumes"] == [expected]


@pytest.mark.parametrize(
    ("read_only", "actions"),
    [
        (True, ["elasticfilesystem:ClientMount"]),
        (False, ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]),
    ],
)
def test_a_file_system_is_mounted_through_its_access_point_alone(
    read_only: bool,  # noqa: FBT001 - a column of the table
    actions: list[str],
) -> None:
    found = task(eb.Mount(_EFS, "/data", read_only=read_only))
    [policy] = found["WebTaskRole"]["Properties"]["Policies"]
    here = "arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:${AWS::AccountId}"

    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": actions,
            "Resource": [{"Fn::Sub": f"{here}:file-system/${{Word}}"}],
            "Condition": {
                "StringEquals": {
                    "elasticfilesystem:AccessPointArn": {
                        "Fn::Sub": f"{here}:access-point/fsap-0a1b2c3d"
                    }
                }
            },
        }
    ]


@pytest.mark.parametrize("volume", [eb.ScratchVolume("a"), eb.HostVolume("a", "/a"), _DISK])
def test_other_volumes_need_nothing_of_the_role(volume: Any) -> None:
    assert "Policies" not in task(eb.Mount(volume, "/a"))["WebTaskRole"]["Properties"]


BAD = [
    pytest.param(
        lambda: eb.ScratchVolume("a b"),
        "'a b' cannot be a volume's name: letters, digits, hyphens and underscores",
        id="a name",
    ),
    pytest.param(
        lambda: eb.HostVolume("a", "var/log"),
        "'var/log' is not a path from the root, like /data",
        id="a path of the instance",
    ),
    pytest.param(
        lambda: eb.Mount(eb.ScratchVolume("a"), "data"),
        "'data' is not a path from the root, like /data",
        id="a path of the container",
    ),
    pytest.param(
        lambda: task(
            eb.Mount(eb.ScratchVolume("a"), "/a"), eb.Mount(eb.HostVolume("a", "/a"), "/b")
        ),
        "there are two volumes a; mount the same object twice, or rename one",
        id="two of one name",
    ),
    pytest.param(
        lambda: task(eb.Mount(_DISK, "/a"), eb.Mount(eb.EbsVolume(name="other", size_gib=1), "/b")),
        "disk and other: a task has one EbsVolume at most",
        id="two disks",
    ),
]


@pytest.mark.parametrize(("make", "message"), BAD)
def test_volumes_that_cannot_be(make: Any, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        make()

    assert str(refused.value) == message
