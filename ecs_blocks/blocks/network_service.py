"""A service for what is not HTTP: a database proxy, a broker, a mail server, a game."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from ecs_blocks.blocks.alarms import Alarm, Metric, Notify
from ecs_blocks.blocks.capacity import Capacity, ClusterDefault
from ecs_blocks.blocks.cloud_map import CloudMapName
from ecs_blocks.blocks.deployment import Deployment, Rolling
from ecs_blocks.blocks.deployment_parts import Exposed
from ecs_blocks.blocks.front import domain_of
from ecs_blocks.blocks.network import HTTPS_ONLY, Network
from ecs_blocks.blocks.network_front import NetworkEndpoint, NetworkEntranceHandle, NetworkFront
from ecs_blocks.blocks.scaling import ScalingHandle, UtilizationScaling, UtilizationTargets
from ecs_blocks.blocks.security_group import Group, Peer, Rule, SecurityGroup, group_id
from ecs_blocks.blocks.service import Service, ServiceHandle
from ecs_blocks.blocks.service_alarms import TaskAlarms, no_healthy_host
from ecs_blocks.blocks.service_connect import NoServiceConnect, ServiceConnect
from ecs_blocks.blocks.standard_task import standard_task, task_outputs
from ecs_blocks.blocks.task import Task, TaskHandle
from ecs_blocks.blocks.thresholds import TaskThresholds
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value, get_att, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.blocks.container import Container, Port
    from ecs_blocks.blocks.network_environment import AnyNetworkServiceEnvironment
    from ecs_blocks.blocks.sidecar import Sidecar
    from ecs_blocks.blocks.target_group import Scheme
    from ecs_blocks.blocks.task_secret import AnySecret
    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.templates.stack import Scope

NLB: Final = "AWS/NetworkELB"


class NetworkServiceHandle(Struct, frozen=True, kw_only=True):
    """Everything that it is made of; each ``resource`` may be changed before the end.

    ``traffic`` is the ``TrafficHandle`` of a deployment that shifts it.
    """

    task: TaskHandle
    security_group: Any
    entrance: NetworkEntranceHandle
    service: ServiceHandle
    scaling: ScalingHandle
    alarms: tuple[Any, ...]
    traffic: Any = None

    @property
    def group(self) -> Group:
        """The tasks, as the peer of somebody else's rule (a database's, say)."""
        return Group(group_id(self.security_group), "the tasks")


class NetworkService(Struct, frozen=True, kw_only=True):
    """A service behind a Network Load Balancer of its own.

    Attributes:
        cluster_name: the cluster it runs on.
        task: what runs.
        network: where.
        front: how it is reached.
        scaling: how many.
        notify: whom its alarms tell.
        thresholds: where they ring.
        capacity: the cluster's default, ``FargateCapacity``, or a ``CapacityStrategy``.
        deployment: how tasks are replaced: ``Rolling``, ``BlueGreen``, ``Canary``, ``Linear``. ECS
            waits ten minutes more at each shift of a Network Load Balancer's traffic.
        connect: ``ServiceConnectClient`` where it calls other services by their names. A server
            besides has to let its callers into the tasks' security group, which knows only the
            balancer.
        cloud_map: a name in DNS for the tasks themselves, past the balancer. Who asks for it has to
            be let in too. It goes with ``Rolling`` alone: DNS would answer with the tasks of both
            versions while traffic is shifted.
    """

    cluster_name: Value[str]
    task: Task
    network: Network
    front: NetworkFront
    scaling: UtilizationTargets
    notify: Notify
    thresholds: TaskThresholds = field(default_factory=TaskThresholds)
    capacity: Capacity = field(default_factory=ClusterDefault)
    deployment: Deployment = field(default_factory=Rolling)
    connect: ServiceConnect = field(default_factory=NoServiceConnect)
    cloud_map: CloudMapName | None = None

    def __post_init__(self) -> None:
        if self.cloud_map is not None and not isinstance(self.deployment, Rolling):
            raise BlockError(
                f"{type(self.deployment).__name__} shifts the traffic of the load balancer, and "
                "cloud_map leads past it to the tasks of both versions; give eb.Rolling(…), or "
                "leave cloud_map out"
            )

    @classmethod
    def standard(
        cls,
        env: AnyNetworkServiceEnvironment,
        *,
        port: int | Port,
        endpoints: tuple[NetworkEndpoint, ...],
        ingress: tuple[Peer, ...],
        scheme: Scheme = "internet-facing",
        variables: Mapping[str, Value[str]] | None = None,
        secrets: Mapping[str, AnySecret] | None = None,
        egress: tuple[Rule, ...] = (),
        architecture: Architecture = "X86_64",
        task_policies: tuple[Any, ...] = (),
        container: Container | None = None,
        sidecars: tuple[Sidecar, ...] = (),
        deployment: Deployment | None = None,
    ) -> NetworkService:
        """The service as environment.yaml describes it.

        Args:
            env: a ``NetworkServiceEnvironment`` runs on the cluster's instances, a
                ``FargateNetworkServiceEnvironment`` on Fargate.
            port: the container listens here.
            endpoints: the ports of the balancer.
            ingress: who may connect.
            scheme: ``internal`` puts the balancer into the private subnets, for the VPC alone.
            variables: environment variables, by name.
            secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
            egress: what tasks may connect to, beside HTTPS anywhere.
            architecture: ``ARM64`` is Graviton.
            task_policies: what the application itself may do.
            container: how it runs: user, command, further ports, health check.
            sidecars: the containers beside it.
            deployment: how tasks are replaced; ``Rolling()`` by default.
        """
        internal = scheme == "internal"
        return cls(
            cluster_name=env.cluster_name,
            task=standard_task(
                env,
                architecture=architecture,
                port=port,
                variables=variables,
                secrets=secrets,
                task_policies=task_policies,
                container=container,
                sidecars=sidecars,
            ),
            network=Network(
                vpc_id=env.vpc_id,
                task_subnet_ids=env.task_subnet_ids(),
                addresses=env.addresses(),
                balancer_subnet_ids=env.private_subnet_ids if internal else env.public_subnet_ids,
                ip_address_type=getattr(env, "load_balancer_ip_address_type", "ipv4"),
                egress=(*HTTPS_ONLY, *egress),
            ),
            front=NetworkFront(
                domain=domain_of(env.app, env.hosted_zone_name),
                hosted_zone_id=env.hosted_zone_id,
                endpoints=endpoints,
                ingress=ingress,
                scheme=scheme,
                deregistration_delay_s=env.deregistration_delay_seconds,
                deletion_protection=env.deletion_protection,
                grace_period_s=env.health_check_grace_period_seconds,
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
            capacity=env.capacity(),
            deployment=deployment or Rolling(),
        )

    def build(self, scope: Scope) -> NetworkServiceHandle:
        """Add all of it, in the order in which a person would tell it."""
        task = scope.build(self.task)
        group = scope.build(
            SecurityGroup(
                description="tasks: the load balancer in, what is named out",
                vpc_id=self.network.vpc_id,
                egress=self.network.egress,
            )
        )
        entrance = self.front.open(scope, self.network, task, group)
        service = scope.build(
            Service(
                cluster_name=self.cluster_name,
                task=task,
                subnet_ids=self.network.task_subnet_ids,
                addresses=self.network.addresses,
                security_group=group,
                attachments=entrance.attachments,
                capacity=self.capacity,
                deployment=self.deployment,
                grace_period_s=self.front.grace_period_s,
                connect=self.connect,
                registry=None if self.cloud_map is None else scope.build(self.cloud_map),
            )
        )
        scaling = scope.build(UtilizationScaling(service=service, task=task, targets=self.scaling))
        tasks = TaskAlarms(
            service=service, task=task, notify=self.notify, thresholds=self.thresholds
        )
        planned = (*tasks.alarms(), *self._alarms(entrance, service))
        alarms = tuple(scope.build(alarm) for alarm in planned)
        traffic = self.deployment.attach(
            scope,
            Exposed(
                service=service.resource,
                alarms=alarms,
                target_group=entrance.target_groups[0],
                rules=entrance.listeners,
                balancer=entrance.balancer,
                policies=scaling.policies,
            ),
        )
        ports = [one.listener.port for one in self.front.endpoints]
        address = text(self.front.domain, f":{ports[0]}")
        scope.output("Address", address, "where the service answers")
        scope.output("ServiceName", service.name, "the ECS service")
        task_outputs(scope, task, group)
        return NetworkServiceHandle(
            task=task,
            security_group=group,
            entrance=entrance,
            service=service,
            scaling=scaling,
            alarms=alarms,
            traffic=traffic,
        )

    def _alarms(self, entrance: NetworkEntranceHandle, service: ServiceHandle) -> tuple[Alarm, ...]:
        """Whether tasks are well, by each endpoint; whether any is, by the first."""
        groups = zip(self.front.endpoints, entrance.target_groups, strict=True)
        first, *more = (
            (
                "" if group is entrance.target_groups[0] else f"Port{one.listener.port}",
                {
                    "TargetGroup": get_att(group, "TargetGroupFullName"),
                    "LoadBalancer": entrance.balancer.full_name,
                },
            )
            for one, group in groups
        )
        return (
            self._unhealthy(*first),
            no_healthy_host(
                _hosts("HealthyHostCount", first[1]),
                service,
                self.notify,
                by_the_clock=bool(self.scaling.schedule),
            ),
            *(self._unhealthy(*one) for one in more),
        )

    def _unhealthy(self, endpoint: str, dimensions: Mapping[str, Value[str]]) -> Alarm:
        return Alarm(
            suffix=f"{endpoint}UnhealthyHosts",
            description="a task fails its health check",
            watches=_hosts("UnHealthyHostCount", dimensions),
            above=0,
            notify=self.notify,
        )


def _hosts(name: str, dimensions: Mapping[str, Value[str]]) -> Metric:
    return Metric(namespace=NLB, name=name, statistic="Maximum", dimensions=dimensions)
