"""Storage that containers mount: shared with others, with the instance, or for one task alone."""

from __future__ import annotations

import re
from typing import Any, Final

from awacs.aws import Action, Condition, StringEquals
from msgspec import Struct
from troposphere import ecs, iam

from ecs_blocks import policies
from ecs_blocks.blocks.limits import check_form, check_within
from ecs_blocks.errors import BlockError
from ecs_blocks.templates.suppress import suppress
from ecs_blocks.values import PARTITION, Value, arn, get_att, text

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")
_FILE_SYSTEM: Final = re.compile(r"fs-[0-9a-f]{8,40}")
_ACCESS_POINT: Final = re.compile(r"fsap-[0-9a-f]{8,40}")
MAX_DISK_GIB: Final = 16_384
"""Of gp3, as ECS makes it (ECS API Reference, ``ServiceManagedEBSVolumeConfiguration``)."""


class ScratchVolume(Struct, frozen=True):
    """An empty folder that the containers of one task share, and that goes with the task.

    It lies on the task's own disk: ``FargateSize.ephemeral_storage_gib``, or the instance's. It
    belongs to root: a container that is not root can write where its image has the folder, with
    an owner, and names it as a ``VOLUME``.
    """

    name: str

    def __post_init__(self) -> None:
        _check_name(self.name)

    def resource(self) -> Any:
        """As the task definition has it."""
        return ecs.Volume(Name=self.name)

    def statement(self, *, writes: bool) -> Any | None:  # noqa: ARG002 - the others need it
        """What the task's role needs for it: nothing."""
        return None


class HostVolume(Struct, frozen=True):
    """A folder of the instance that the task runs on; there is none on Fargate.

    Whoever writes into it writes into what the instance and its other tasks read. Mount it with
    ``read_only=True`` unless writing is what it is for.
    """

    name: str
    source_path: str

    def __post_init__(self) -> None:
        _check_name(self.name)
        _check_path(self.source_path)

    def resource(self) -> Any:
        """As the task definition has it."""
        return ecs.Volume(Name=self.name, Host=ecs.Host(SourcePath=self.source_path))

    def statement(self, *, writes: bool) -> Any | None:  # noqa: ARG002 - the others need it
        """What the task's role needs for it: nothing."""
        return None


class EfsVolume(Struct, frozen=True, kw_only=True):
    """A file system that outlives the task, and that tasks in every zone share.

    Attributes:
        name: of the volume, for this task.
        file_system_id: ``fs-0123456789abcdef0``.
        access_point_id: ``fsap-0123456789abcdef0``. It fixes the folder and the user that files
            belong to, which is how a process that is not root may write.

    Encrypted on the way, and asked for with the task's role: without both, whoever reaches port
    2049 reads all of it. The tasks need a way there: ``egress=(Rule(2049, Group(…)),)``.
    """

    name: str
    file_system_id: Value[str]
    access_point_id: Value[str]

    def __post_init__(self) -> None:
        _check_name(self.name)
        check_form("file_system_id", self.file_system_id, _FILE_SYSTEM, "like fs-0123456789abcdef0")
        check_form(
            "access_point_id", self.access_point_id, _ACCESS_POINT, "like fsap-0123456789abcdef0"
        )

    def resource(self) -> Any:
        """As the task definition has it."""
        return ecs.Volume(
            Name=self.name,
            EFSVolumeConfiguration=ecs.EFSVolumeConfiguration(
                FilesystemId=self.file_system_id,
                RootDirectory="/",
                TransitEncryption="ENABLED",
                AuthorizationConfig=ecs.AuthorizationConfig(
                    AccessPointId=self.access_point_id, IAM="ENABLED"
                ),
            ),
        )

    def statement(self, *, writes: bool) -> Any | None:
        """What the task's role needs for it: to mount it through its access point alone."""
        actions = [Action("elasticfilesystem", "ClientMount")]
        if writes:
            actions.append(Action("elasticfilesystem", "ClientWrite"))
        point = arn("elasticfilesystem", text("access-point/", self.access_point_id))
        return policies.allow(
            actions,
            [arn("elasticfilesystem", text("file-system/", self.file_system_id))],
            Condition=Condition(StringEquals({"elasticfilesystem:AccessPointArn": point})),
        )


class EbsVolume(Struct, frozen=True, kw_only=True):
    """A disk of its own for each task of a service; it is made with the task and goes with it.

    Attributes:
        name: of the volume.
        size_gib: 1 to 16384.

    A ``gp3``, encrypted with the account's key for EBS. A task has one at most, a job and a daemon
    none. It belongs to root, and ECS lets the container's user write to it by a group.

    Source: Amazon ECS Developer Guide, "Non-root user behavior" of EBS volumes.
    """

    name: str
    size_gib: Value[int]

    def __post_init__(self) -> None:
        _check_name(self.name)
        check_within("size_gib", self.size_gib, 1, MAX_DISK_GIB)

    def resource(self) -> Any:
        """As the task definition has it."""
        return ecs.Volume(Name=self.name, ConfiguredAtLaunch=True)

    def statement(self, *, writes: bool) -> Any | None:  # noqa: ARG002 - the others need it
        """What the task's role needs for it: nothing; ECS attaches it."""
        return None

    def configuration(self, role: Any) -> Any:
        """As the service has it; ECS makes and attaches disks as *role*."""
        return ecs.ServiceVolumeConfiguration(
            Name=self.name,
            ManagedEBSVolume=ecs.ServiceManagedEBSVolumeConfiguration(
                RoleArn=get_att(role, "Arn"),
                Encrypted=True,
                SizeInGiB=self.size_gib,
                VolumeType="gp3",
                TagSpecifications=[
                    ecs.EBSTagSpecification(ResourceType="volume", PropagateTags="SERVICE")
                ],
            ),
        )


def volume_role(title: str) -> Any:
    """What ECS makes and attaches disks as (a ``troposphere.iam.Role``)."""
    managed = "service-role/AmazonECSInfrastructureRolePolicyForVolumes"
    role = iam.Role(
        title,
        Description="ECS makes, attaches and deletes the disks of tasks",
        AssumeRolePolicyDocument=policies.trust_of_ecs(),
        ManagedPolicyArns=[text("arn:", PARTITION, f":iam::aws:policy/{managed}")],
    )
    suppress(role, "EB601", reason="AWS keeps this policy in step with what ECS does with disks")
    return role


Volume = ScratchVolume | HostVolume | EfsVolume | EbsVolume


class Mount(Struct, frozen=True):
    """A volume at a path of one container."""

    volume: Volume
    path: str
    read_only: bool = False

    def __post_init__(self) -> None:
        _check_path(self.path)

    def resource(self) -> Any:
        """As the container definition has it."""
        return ecs.MountPoint(
            SourceVolume=self.volume.name, ContainerPath=self.path, ReadOnly=self.read_only
        )


def volumes_of(mounts: tuple[Mount, ...]) -> list[Any]:
    """The volumes that *mounts* mention, each once."""
    return [volume.resource() for volume in _once(mounts).values()]


def disks_of(mounts: tuple[Mount, ...]) -> tuple[EbsVolume, ...]:
    """The disk that *mounts* mention, if any.

    Raises:
        BlockError: there are two.
    """
    found = tuple(one for one in _once(mounts).values() if isinstance(one, EbsVolume))
    if len(found) > 1:
        names = " and ".join(one.name for one in found)
        raise BlockError(f"{names}: a task has one EbsVolume at most")
    return found


def access_to(mounts: tuple[Mount, ...]) -> list[Any]:
    """The statements that a task's role needs for *mounts*."""
    writable = {mount.volume.name for mount in mounts if not mount.read_only}
    found = (v.statement(writes=name in writable) for name, v in _once(mounts).items())
    return [statement for statement in found if statement is not None]


def _once(mounts: tuple[Mount, ...]) -> dict[str, Volume]:
    """By name.

    Raises:
        BlockError: two volumes have one name.
    """
    found: dict[str, Volume] = {}
    for mount in mounts:
        name = mount.volume.name
        if found.setdefault(name, mount.volume) is not mount.volume:
            raise BlockError(
                f"there are two volumes {name}; mount the same object twice, or rename one"
            )
    return found


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise BlockError(
            f"{name!r} cannot be a volume's name: letters, digits, hyphens and underscores"
        )


def _check_path(path: str) -> None:
    if not path.startswith("/"):
        raise BlockError(f"{path!r} is not a path from the root, like /data")
