"""A file system of the stack's own (Amazon EFS), for what outlives tasks and is shared by them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from awacs.aws import Action
from msgspec import Struct
from troposphere import efs

from ecs_blocks import policies
from ecs_blocks.blocks.limits import check_at_least, check_within
from ecs_blocks.blocks.security_group import Cidr, Group, Rule, SecurityGroup, allow_into, group_id
from ecs_blocks.blocks.volume import EfsVolume
from ecs_blocks.errors import BlockError
from ecs_blocks.values import KeyArn, SubnetId, Token, Value, VpcId, item, ref

if TYPE_CHECKING:
    from ecs_blocks.blocks.service import ServiceHandle
    from ecs_blocks.templates.stack import Scope

NFS: Final = 2049
MAX_USER: Final = 4_294_967_295
_PATH: Final = re.compile(r"/|(?:/(?!\.)[^$#<>;`|&?{}^*/\n]+){1,4}")
MAX_PATH: Final = 100
"""Source: Amazon EFS API Reference, ``PosixUser`` and ``RootDirectory``."""
NOWHERE: Final = Cidr("127.0.0.1/32")
"""A group without a rule for what goes out would let everything out."""


class FileSystemHandle(Struct, frozen=True, kw_only=True):
    """The file system and what leads to it; each resource may be changed before the end."""

    resource: Any
    access_point: Any
    security_group: Any
    mount_targets: tuple[Any, ...]

    def volume(self, name: str) -> EfsVolume:
        """For ``Mount(files.volume("pages"), "/var/lib/wiki")``."""
        return EfsVolume(
            name=name,
            file_system_id=ref(self.resource.title),
            access_point_id=ref(self.access_point.title),
        )

    @property
    def egress(self) -> Rule:
        """What tasks need to reach it: ``egress=(files.egress,)``."""
        return Rule(NFS, Group(group_id(self.security_group), "the file system"))


class FileSystem(Struct, frozen=True, kw_only=True):
    """An encrypted file system that is backed up, with a mount target in every subnet of the tasks.

    Attributes:
        vpc_id: the VPC.
        subnet_ids: those of the tasks, each in a zone of its own. Their order stays: another one
            replaces mount targets, and a zone has no room for the new beside the old.
        key_arn: the KMS key that encrypts it; a change replaces it.
        zones: how many subnets there are: each gets a mount target, and a task in a zone without
            one cannot start. Where environments differ, a ``Shape[int]``.
        user_id: who files belong to, as user and group: that of the container.
        path: the folder of it that tasks see as its root.
        backup: whether AWS Backup keeps a daily copy, for 35 days.

    It takes connections by TLS alone, from roles that may mount it by its access point: nothing is
    left for anonymous clients. It is kept when the stack goes. Files that nobody read for 30 days
    move to cheaper storage, until somebody does. ``FileSystemAccess`` lets a service in.
    """

    vpc_id: Value[VpcId]
    subnet_ids: Value[list[SubnetId]]
    key_arn: Value[KeyArn]
    zones: int = 2
    user_id: int = 1000
    path: str = "/data"
    backup: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.subnet_ids, Token) and len(self.subnet_ids) != self.zones:
            raise BlockError(
                f"{len(self.subnet_ids)} subnets and zones={self.zones}: each subnet needs a mount "
                "target; where environments differ, declare zones as a Shape[int]"
            )
        check_at_least("zones", self.zones, 1)
        check_within("user_id", self.user_id, 0, MAX_USER)
        if not _PATH.fullmatch(self.path) or len(self.path) > MAX_PATH:
            raise BlockError(
                f"{self.path!r} is not a path from the root, like /data: EFS takes four folders "
                f"and {MAX_PATH} characters, none of them $#<>;`|&?{{}}^*"
            )

    def build(self, scope: Scope) -> FileSystemHandle:
        """Add file system, access point, security group and mount targets."""
        group = scope.build(
            SecurityGroup(
                description="file system: tasks that are let in, and nothing out",
                vpc_id=self.vpc_id,
                egress=(Rule(NFS, NOWHERE),),
            ),
            "FileSystem",
        )
        system = scope.add(self._file_system(scope.id("FileSystem")))
        targets = tuple(
            scope.add(
                efs.MountTarget(
                    scope.id(f"MountTarget{number + 1}"),
                    FileSystemId=ref(system.title),
                    SubnetId=item(self.subnet_ids, number),
                    SecurityGroups=[group_id(group)],
                )
            )
            for number in range(self.zones)
        )
        owner = str(self.user_id)
        point = scope.add(
            efs.AccessPoint(
                scope.id("AccessPoint"),
                FileSystemId=ref(system.title),
                PosixUser=efs.PosixUser(Uid=owner, Gid=owner),
                RootDirectory=efs.RootDirectory(
                    Path=self.path,
                    CreationInfo=efs.CreationInfo(
                        OwnerUid=owner, OwnerGid=owner, Permissions="0750"
                    ),
                ),
            )
        )
        return FileSystemHandle(
            resource=system, access_point=point, security_group=group, mount_targets=targets
        )

    def _file_system(self, title: str) -> Any:
        system = efs.FileSystem(
            title,
            DeletionPolicy="RetainExceptOnCreate",
            UpdateReplacePolicy="Retain",
            Encrypted=True,
            KmsKeyId=self.key_arn,
            PerformanceMode="generalPurpose",
            ThroughputMode="elastic",
            BackupPolicy=efs.BackupPolicy(Status="ENABLED" if self.backup else "DISABLED"),
            LifecyclePolicies=[
                efs.LifecyclePolicy(TransitionToIA="AFTER_30_DAYS"),
                efs.LifecyclePolicy(TransitionToPrimaryStorageClass="AFTER_1_ACCESS"),
            ],
        )
        # What the policy does not allow, a role's own has to: no anonymous client gets in. To
        # troposphere it is a plain dict.
        system.properties["FileSystemPolicy"] = policies.document(
            policies.deny_without_tls([Action("elasticfilesystem", "*")], ["*"])
        )
        return system


class RunsTasks(Protocol):
    """A service's handle: ``WebServiceHandle`` or another."""

    @property
    def group(self) -> Group:
        """The security group of its tasks."""
        ...

    @property
    def service(self) -> ServiceHandle:
        """The service itself."""
        ...


@runtime_checkable
class RunsJob(Protocol):
    """A job's handle: ``ScheduledJobHandle``."""

    @property
    def group(self) -> Group:
        """The security group of its task."""
        ...

    @property
    def schedule(self) -> Any:
        """What starts it."""
        ...


class FileSystemAccess(Struct, frozen=True, kw_only=True):
    """Let the tasks of a service or a job reach a file system, and start them once they can.

    Attributes:
        file_system: what it mounts.
        tasks: the handle of the service or job, whose ``egress`` names ``file_system.egress``.
    """

    file_system: FileSystemHandle
    tasks: RunsTasks | RunsJob

    def build(self, scope: Scope) -> Any:
        """Add the rule, and return it; what starts tasks waits for it and the mount targets."""
        tasks = self.tasks
        rule = Rule(NFS, tasks.group)
        added = allow_into(scope, self.file_system.security_group, rule, "ToFileSystem")
        starts = tasks.schedule if isinstance(tasks, RunsJob) else tasks.service.resource
        before = [*starts.resource.pop("DependsOn", []), added.title]
        starts.DependsOn = [*before, *(one.title for one in self.file_system.mount_targets)]
        return added
