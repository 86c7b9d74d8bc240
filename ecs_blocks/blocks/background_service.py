"""A service without a load balancer: a backend that others call by name, or nobody calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from ecs_blocks.blocks.alarms import Notify
from ecs_blocks.blocks.capacity import Capacity, ClusterDefault
from ecs_blocks.blocks.cloud_map import CloudMapName
from ecs_blocks.blocks.deployment import Rolling, check_rolling
from ecs_blocks.blocks.deployment_parts import Exposed
from ecs_blocks.blocks.network import HTTPS_ONLY
from ecs_blocks.blocks.scaling import ScalingHandle, UtilizationScaling, UtilizationTargets
from ecs_blocks.blocks.security_group import Group, Peer, Rule, group_id
from ecs_blocks.blocks.service import Service, ServiceHandle
from ecs_blocks.blocks.service_alarms import TaskAlarms
from ecs_blocks.blocks.service_connect import NoServiceConnect, ServiceConnect
from ecs_blocks.blocks.standard_task import standard_task, task_outputs
from ecs_blocks.blocks.task import Task, TaskHandle
from ecs_blocks.blocks.task_network import TaskNetwork
from ecs_blocks.blocks.thresholds import TaskThresholds
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.blocks.background_environment import BackgroundEnvironment
    from ecs_blocks.blocks.container import Container, Port
    from ecs_blocks.blocks.sidecar import Sidecar
    from ecs_blocks.blocks.task_secret import AnySecret
    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.templates.stack import Scope

Discovery = ServiceConnect | CloudMapName


class BackgroundServiceHandle(Struct, frozen=True, kw_only=True):
    """Everything that it is made of; each ``resource`` may be changed before the end."""

    task: TaskHandle
    security_group: Any
    registry: Any | None
    service: ServiceHandle
    scaling: ScalingHandle
    alarms: tuple[Any, ...]

    @property
    def group(self) -> Group:
        """The tasks, as the peer of somebody else's rule (a database's, say)."""
        return Group(group_id(self.security_group), "the tasks")


class BackgroundService(Struct, frozen=True, kw_only=True):
    """A service without a load balancer.

    Attributes:
        cluster_name: the cluster it runs on.
        task: what runs.
        network: where, and who may connect.
        scaling: how many.
        notify: whom its alarms tell.
        thresholds: where they ring.
        discovery: how others find it: ``ServiceConnectServer``, ``CloudMapName``, or not at all.
        connect: Service Connect beside a ``CloudMapName``: tasks find it by the one, everybody else
            by the other.
        capacity: the cluster's default, ``FargateCapacity``, or a ``CapacityStrategy``.
        deployment: how tasks are replaced; ``Rolling``, for nothing sends what could be shifted.

    Nothing from outside tells whether it is well: give its container a ``HealthCheck``, or a
    deploy succeeds as soon as tasks have started.
    """

    cluster_name: Value[str]
    task: Task
    network: TaskNetwork
    scaling: UtilizationTargets
    notify: Notify
    thresholds: TaskThresholds = field(default_factory=TaskThresholds)
    discovery: Discovery = field(default_factory=NoServiceConnect)
    connect: ServiceConnect = field(default_factory=NoServiceConnect)
    capacity: Capacity = field(default_factory=ClusterDefault)
    deployment: Rolling = field(default_factory=Rolling)

    def __post_init__(self) -> None:
        check_rolling(self.deployment)
        none = NoServiceConnect
        if not isinstance(self.connect, none) and not isinstance(
            self.discovery, (CloudMapName, none)
        ):
            raise BlockError(
                "Service Connect is given twice, as discovery and as connect; a client and server "
                "is one ServiceConnectServer"
            )

    @classmethod
    def standard(
        cls,
        env: BackgroundEnvironment,
        *,
        port: int | Port | None = None,
        clients: tuple[Peer, ...] = (),
        discovery: Discovery | None = None,
        variables: Mapping[str, Value[str]] | None = None,
        secrets: Mapping[str, AnySecret] | None = None,
        egress: tuple[Rule, ...] = (),
        architecture: Architecture = "X86_64",
        task_policies: tuple[Any, ...] = (),
        container: Container | None = None,
        sidecars: tuple[Sidecar, ...] = (),
        deployment: Rolling | None = None,
        connect: ServiceConnect | None = None,
    ) -> BackgroundService:
        """The service as environment.yaml describes it.

        Args:
            env: a ``BackgroundServiceEnvironment`` runs on the cluster's instances, a
                ``FargateBackgroundServiceEnvironment`` on Fargate.
            port: the container listens here; without one nobody can call it.
            clients: who may connect to the port.
            discovery: how they find it: Service Connect, Cloud Map, or not at all.
            variables: environment variables, by name.
            secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
            egress: what tasks may connect to, beside HTTPS anywhere.
            architecture: ``ARM64`` is Graviton.
            task_policies: what the application itself may do.
            container: how it runs: command, health check, mounts.
            sidecars: the containers beside it.
            deployment: how tasks are replaced; ``Rolling()`` by default.
            connect: Service Connect beside a ``CloudMapName``, as client or server.

        Raises:
            BlockError: there are clients and no port.
        """
        task = standard_task(
            env,
            port=port,
            architecture=architecture,
            variables=variables,
            secrets=secrets,
            task_policies=task_policies,
            container=container,
            sidecars=sidecars,
        )
        if clients and task.main_port is None:
            raise BlockError("there are clients, and no port for them; say port=8080")
        return cls(
            cluster_name=env.cluster_name,
            task=task,
            network=TaskNetwork(
                vpc_id=env.vpc_id,
                subnet_ids=env.task_subnet_ids(),
                addresses=env.addresses(),
                ingress=tuple(
                    Rule(task.main_port.number, one) for one in clients if task.main_port
                ),
                egress=(*HTTPS_ONLY, *egress),
            ),
            scaling=UtilizationTargets(
                min_count=env.service_desired_count,
                max_count=env.service_max_count,
                schedule=env.schedule(),
                cooldowns=env.cooldowns(),
                suspended=env.scaling_suspended,
                cpu_percent=env.scaling_cpu_percent,
                memory_percent=env.scaling_memory_percent,
            ),
            notify=Notify(topic_arn=env.alarm_topic_arn, enabled=env.alarms_enabled),
            thresholds=TaskThresholds(
                cpu_percent=env.alarm_cpu_percent, memory_percent=env.alarm_memory_percent
            ),
            discovery=discovery or NoServiceConnect(),
            connect=connect or NoServiceConnect(),
            capacity=env.capacity(),
            deployment=deployment or Rolling(),
        )

    def build(self, scope: Scope) -> BackgroundServiceHandle:
        """Add all of it."""
        task = scope.build(self.task)
        group = self.network.security_group(scope)
        registry: Any | None = None
        connect = self.connect
        if isinstance(self.discovery, CloudMapName):
            registry = scope.build(self.discovery)
        elif isinstance(connect, NoServiceConnect):
            connect = self.discovery
        service = scope.build(
            Service(
                cluster_name=self.cluster_name,
                task=task,
                subnet_ids=self.network.subnet_ids,
                addresses=self.network.addresses,
                security_group=group,
                capacity=self.capacity,
                deployment=self.deployment,
                connect=connect,
                registry=registry,
            )
        )
        scaling = scope.build(UtilizationScaling(service=service, task=task, targets=self.scaling))
        alarms = scope.build(
            TaskAlarms(service=service, task=task, notify=self.notify, thresholds=self.thresholds)
        )
        self.deployment.attach(
            scope,
            Exposed(service=service.resource, alarms=alarms, policies=scaling.policies),
        )
        scope.output("ServiceName", service.name, "the ECS service")
        task_outputs(scope, task, group)
        return BackgroundServiceHandle(
            task=task,
            security_group=group,
            registry=registry,
            service=service,
            scaling=scaling,
            alarms=alarms,
        )
