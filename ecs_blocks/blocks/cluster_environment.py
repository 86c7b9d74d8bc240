"""What environment.yaml and platform.yaml may say of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Literal

from ecs_blocks.blocks.instance_architecture import architecture_of_type, misfit
from ecs_blocks.blocks.instance_mix import InstanceMix, InstanceRequirements
from ecs_blocks.blocks.instances import InstanceSettings
from ecs_blocks.blocks.log_group import RETENTION_DAYS
from ecs_blocks.blocks.managed_instances import ManagedInstanceSettings
from ecs_blocks.environment.declare import Environment, Param, param
from ecs_blocks.values import ImageIdParameter, SubnetId, VpcId, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.values import Value


_IMAGE: Final = ImageIdParameter(
    "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
)


class ClusterEnvironment(Environment):
    """A cluster on Fargate and Fargate Spot."""

    cluster_name: Param[str] = param(
        pattern=r"[A-Za-z][A-Za-z0-9_-]{0,250}", help="the cluster's name, which services know"
    )
    alarm_email: Param[str] = param(
        pattern=r"[^@\s,]+@[^@\s,]+\.[^@\s,]+",
        help="who hears of alarms; the address has to confirm it once",
    )
    alarms_enabled: Param[bool] = param(default=True, help="whether alarms notify")
    alarm_reservation_percent: Param[int] = param(
        default=90, ge=1, le=100, help="a cluster that cannot grow and is fuller than this rings"
    )
    log_retention_days: Param[int] = param(
        default=30, choices=RETENTION_DAYS, help="after how many days log lines go"
    )
    access_log_days: Param[int] = param(
        default=365, ge=1, help="after how many days the load balancers' logs go"
    )

    def instances(self) -> InstanceSettings | ManagedInstanceSettings | None:
        """Instances of its own: none."""
        return None


class InstancesEnvironment(ClusterEnvironment):
    """A cluster with EC2 instances, which are the default of its services."""

    vpc_id: Param[VpcId] = param(help="the VPC")
    private_subnet_ids: Param[list[SubnetId]] = param(
        min_items=2, help="subnets for instances, with a way out by NAT or VPC endpoints"
    )
    instance_type: Param[str] = param(
        default="t3.medium",
        pattern=r"[a-z][a-z0-9-]*\.[a-z0-9-]+",
        help="the type of the instances, fitting EcsImageId; each task takes a network interface",
    )
    ecs_image_id: Param[ImageIdParameter] = param(
        default=_IMAGE,
        help="the SSM parameter that holds the ECS-optimized AMI",
    )
    min_size: Param[int] = param(default=1, ge=0, le=5000, help="instances at least")
    max_size: Param[int] = param(default=4, ge=1, le=5000, help="instances at most")
    target_capacity_percent: Param[int] = param(
        default=100, ge=1, le=100, help="how full ECS keeps the instances"
    )

    def instances(self) -> InstanceSettings:
        """Instances in the private subnets."""
        return InstanceSettings(
            vpc_id=self.vpc_id,
            subnet_ids=self.private_subnet_ids,
            image_id=self.ecs_image_id,
            instance_type=self.instance_type,
            min_size=self.min_size,
            max_size=self.max_size,
            target_percent=self.target_capacity_percent,
        )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Bounds with room for one more instance, or none could be replaced; an image that fits."""
        yield from super().problems()
        yield from _size_problems(self.min_size, self.max_size)
        image, kind = self.parameter_name("ecs_image_id"), self.instance_type
        if isinstance(kind, str) and (wrong := misfit(architecture_of_type(kind), image)):
            yield "instance_type" if image == _IMAGE else "ecs_image_id", wrong


class SpotInstancesEnvironment(ClusterEnvironment):
    """A cluster with EC2 instances of many types, on-demand and Spot.

    Which types: all current ones of ``architecture`` with so many CPUs and so much memory.
    """

    architecture: ClassVar[Architecture] = "X86_64"

    vpc_id: Param[VpcId] = InstancesEnvironment.vpc_id
    private_subnet_ids: Param[list[SubnetId]] = InstancesEnvironment.private_subnet_ids
    ecs_image_id: Param[ImageIdParameter] = InstancesEnvironment.ecs_image_id
    instance_vcpus: Param[int] = param(default=2, ge=1, help="virtual CPUs of an instance")
    instance_memory_min_mib: Param[int] = param(
        default=4096, ge=512, help="MiB of memory of an instance, at least"
    )
    instance_memory_max_mib: Param[int] = param(
        default=16384, ge=512, help="MiB of memory of an instance, at most"
    )
    on_demand_base: Param[int] = param(
        default=1, ge=0, le=5000, help="this many instances are never on Spot"
    )
    on_demand_percent: Param[int] = param(
        default=0, ge=0, le=100, help="the share of on-demand instances beyond the base"
    )
    min_size: Param[int] = InstancesEnvironment.min_size
    max_size: Param[int] = InstancesEnvironment.max_size
    target_capacity_percent: Param[int] = InstancesEnvironment.target_capacity_percent

    def instances(self) -> InstanceSettings:
        """A mix in the private subnets."""
        return InstanceSettings(
            vpc_id=self.vpc_id,
            subnet_ids=self.private_subnet_ids,
            image_id=self.ecs_image_id,
            instance_type=InstanceMix(
                types=InstanceRequirements(
                    vcpu_min=self.instance_vcpus,
                    vcpu_max=self.instance_vcpus,
                    memory_min_mib=self.instance_memory_min_mib,
                    memory_max_mib=self.instance_memory_max_mib,
                    architecture=self.architecture,
                ),
                on_demand_base=self.on_demand_base,
                on_demand_percent=self.on_demand_percent,
            ),
            min_size=self.min_size,
            max_size=self.max_size,
            target_percent=self.target_capacity_percent,
        )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Bounds that go together; an image that fits."""
        yield from super().problems()
        yield from _size_problems(self.min_size, self.max_size)
        if wrong := misfit(self.architecture, self.parameter_name("ecs_image_id")):
            yield "ecs_image_id", wrong
        memory = known(self.instance_memory_min_mib, self.instance_memory_max_mib)
        if memory and memory[0] > memory[1]:
            least, most = memory
            yield (
                "instance_memory_max_mib",
                f"at most {most} MiB are less than the {least} of InstanceMemoryMinMib",
            )


class ManagedInstancesEnvironment(ClusterEnvironment):
    """A cluster whose EC2 instances AWS chooses, patches and replaces."""

    vpc_id: Param[VpcId] = InstancesEnvironment.vpc_id
    private_subnet_ids: Param[list[SubnetId]] = InstancesEnvironment.private_subnet_ids
    instance_purchase: Param[Literal["ON_DEMAND", "SPOT"]] = param(
        default="ON_DEMAND", help="SPOT may be taken away with two minutes' notice"
    )
    instance_storage_gib: Param[int] = param(
        default=80, ge=30, le=16384, help="GiB of each instance's disk"
    )

    def instances(self) -> ManagedInstanceSettings:
        """Managed Instances in the private subnets, of whatever type fits the tasks."""
        return ManagedInstanceSettings(
            vpc_id=self.vpc_id,
            subnet_ids=self.private_subnet_ids,
            purchase=self.instance_purchase,
            storage_gib=self.instance_storage_gib,
        )


def _size_problems(least: Value[int], most: Value[int]) -> Iterator[tuple[str, str]]:
    sizes = known(least, most)
    if sizes and sizes[1] <= sizes[0]:
        yield (
            "max_size",
            f"{sizes[1]} is not above the {sizes[0]} of MinSize; replacing an instance needs room "
            "for one more",
        )
