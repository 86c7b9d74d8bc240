"""An ECS service: keeps tasks running, and replaces them without a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import ecs

from ecs_blocks.blocks.addresses import Addresses
from ecs_blocks.blocks.alarms import ECS, Metric
from ecs_blocks.blocks.capacity import Capacity, ClusterDefault, check_capacity
from ecs_blocks.blocks.deployment import Deployment, Rolling
from ecs_blocks.blocks.limits import MAX_S, check_within
from ecs_blocks.blocks.service_connect import NoServiceConnect, ServiceConnect
from ecs_blocks.blocks.task import CONTAINER, TaskHandle
from ecs_blocks.blocks.volume import volume_role
from ecs_blocks.errors import BlockError
from ecs_blocks.values import SubnetId, Token, Value, get_att, ref

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

MAX_ATTACHMENTS: Final = 5
"""Target groups of one service (Amazon ECS Developer Guide, service quotas)."""


class Attachment(Struct, frozen=True, kw_only=True):
    """One target group that the tasks are in.

    Attributes:
        target_group: which balancer sends to them.
        after: what has to stand before: the listener rule that feeds the target group (trap 3).
        container: which of the task's containers.
        port: which of its ports; None is the task's own.
    """

    target_group: Any
    after: Any
    container: str = CONTAINER
    port: int | None = None

    def resource(self, task: TaskHandle) -> Any:
        """As the service has it."""
        return ecs.LoadBalancer(
            ContainerName=self.container,
            ContainerPort=task.port if self.port is None else self.port,
            TargetGroupArn=ref(self.target_group.title),
        )


class ServiceHandle(Struct, frozen=True, kw_only=True):
    """What a service offers to scaling and alarms."""

    resource: Any
    cluster_name: Value[str]

    @property
    def name(self) -> Token[str]:
        """The service's name; its Ref would be the ARN."""
        return get_att(self.resource, "Name")

    def metric(self, name: str, statistic: str = "Average") -> Metric:
        """A metric that CloudWatch keeps of it: ``CPUUtilization``, ``MemoryUtilization``."""
        dimensions = service_dimensions(self)
        return Metric(namespace=ECS, name=name, statistic=statistic, dimensions=dimensions)


def service_dimensions(service: ServiceHandle) -> dict[str, Value[str]]:
    """The dimensions under which CloudWatch keeps a service's metrics."""
    return {"ClusterName": service.cluster_name, "ServiceName": service.name}


class Service(Struct, frozen=True, kw_only=True):
    """A service: behind balancers, found by name, or on its own.

    Attributes:
        cluster_name: the cluster.
        task: what runs.
        subnet_ids: where it runs.
        security_group: of the tasks.
        attachments: the target groups that it is in, at most five.
        capacity: on what it runs.
        deployment: how tasks are replaced: ``Rolling``, or a shift of traffic.
        grace_period_s: how long a new task may fail a balancer's health checks before it is
            replaced (trap 25).
        connect: how it calls others, and is called, by name.
        registry: the Cloud Map service (``CloudMapName``) that knows the tasks' addresses.
        addresses: further security groups, and whether tasks get public addresses; none do.

    ``DesiredCount`` is never set: a deploy would undo what scaling did (trap 1). What is off is
    said to be off: leaving it out would keep what was there before (trap 9).
    """

    cluster_name: Value[str]
    task: TaskHandle
    subnet_ids: Value[list[SubnetId]]
    security_group: Any
    attachments: tuple[Attachment, ...] = ()
    capacity: Capacity = ClusterDefault()
    deployment: Deployment = Rolling()
    grace_period_s: Value[int] = 60
    connect: ServiceConnect = NoServiceConnect()
    registry: Any | None = None
    addresses: Addresses = Addresses()

    def __post_init__(self) -> None:
        check_within("grace_period_s", self.grace_period_s, 0, MAX_S)
        if len(self.attachments) > MAX_ATTACHMENTS:
            raise BlockError(
                f"{len(self.attachments)} target groups; ECS takes {MAX_ATTACHMENTS} of a service"
            )
        check_capacity(self.capacity, self.task)
        self.addresses.check(self.task.size)

    def build(self, scope: Scope) -> ServiceHandle:
        """Add the service."""
        deployment = self.deployment.configuration(scope)
        resource = ecs.Service(
            scope.id("Service"),
            Cluster=self.cluster_name,
            TaskDefinition=self.task.arn,
            SchedulingStrategy="REPLICA",
            **self.capacity.properties(),
            NetworkConfiguration=ecs.NetworkConfiguration(
                AwsvpcConfiguration=ecs.AwsvpcConfiguration(
                    **self.addresses.of_task(self.subnet_ids, self.security_group)
                )
            ),
            LoadBalancers=[one.resource(self.task) for one in self.attachments],
            **self._reached(),
            DeploymentConfiguration=deployment,
            AvailabilityZoneRebalancing=_rebalancing(self.deployment, deployment),
            EnableExecuteCommand=False if self.task.exec is None else self.task.exec.enabled,
            ServiceConnectConfiguration=self.connect.configuration(self.task, scope),
            EnableECSManagedTags=True,
            PropagateTags="SERVICE",
        )
        if before := dict.fromkeys(one.after.title for one in self.attachments):
            resource.DependsOn = list(before)
        resource.VolumeConfigurations = self._disks(scope)
        return ServiceHandle(resource=scope.add(resource), cluster_name=self.cluster_name)

    def _disks(self, scope: Scope) -> list[Any]:
        """What ECS makes of them; none is said to be none (trap 9)."""
        if not self.task.disks:
            return []
        role = scope.add(volume_role(scope.id("VolumeRole")))
        return [one.configuration(role) for one in self.task.disks]

    def _reached(self) -> dict[str, Any]:
        """A grace period only where a balancer checks; a registry, or none, said so."""
        found: dict[str, Any] = {}
        if self.attachments:
            found["HealthCheckGracePeriodSeconds"] = self.grace_period_s
        if self.registry is not None:
            arn = get_att(self.registry, "Arn")
            found["ServiceRegistries"] = [ecs.ServiceRegistry(RegistryArn=arn)]
        elif not self.attachments:
            found["ServiceRegistries"] = []
        return found


def _rebalancing(deployment: Deployment, made: Any) -> str:
    """As ``Rolling`` says; off where no task may come before another goes (trap 37)."""
    if isinstance(deployment, Rolling) and deployment.rebalances_zones is not None:
        return "ENABLED" if deployment.rebalances_zones else "DISABLED"
    most = made.properties.get("MaximumPercent")
    return "DISABLED" if isinstance(most, int) and most <= 100 else "ENABLED"
