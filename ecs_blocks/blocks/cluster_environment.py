"""What environment.yaml and platform.yaml may say of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.blocks.instances import InstanceSettings
from ecs_blocks.blocks.log_group import RETENTION_DAYS
from ecs_blocks.environment.declare import Environment, Param, param
from ecs_blocks.values import ImageIdParameter, SubnetId, VpcId, known

if TYPE_CHECKING:
    from collections.abc import Iterator


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

    def instances(self) -> InstanceSettings | None:
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
        default=ImageIdParameter(
            "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
        ),
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
        """One instance more than the least has to be possible, or none could be replaced."""
        yield from super().problems()
        sizes = known(self.min_size, self.max_size)
        if sizes and sizes[1] <= sizes[0]:
            least, most = sizes
            yield (
                "max_size",
                f"{most} is not above the {least} of MinSize; replacing an instance needs room "
                "for one more",
            )
