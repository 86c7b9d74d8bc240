"""A web service and all that belongs to it: the block that most applications need.

One HTTPS name in front of tasks in private subnets: task definition, roles, log group, security
groups, load balancer, target group, listener rule, DNS records, service, scaling, alarms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from ecs_blocks.blocks.alarms import Alarm, Notify
from ecs_blocks.blocks.capacity import Capacity, ClusterDefault
from ecs_blocks.blocks.deployment import Deployment, Rolling
from ecs_blocks.blocks.deployment_parts import Exposed
from ecs_blocks.blocks.entrance import MAIN, EntranceHandle
from ecs_blocks.blocks.front import Own
from ecs_blocks.blocks.network import HTTPS_ONLY, Network
from ecs_blocks.blocks.scaling import Scaling, ScalingHandle, ScalingTargets
from ecs_blocks.blocks.security_group import Group, Rule, SecurityGroup, group_id
from ecs_blocks.blocks.service import Service, ServiceHandle
from ecs_blocks.blocks.service_alarms import ServiceAlarms
from ecs_blocks.blocks.service_connect import NoServiceConnect, ServiceConnect
from ecs_blocks.blocks.standard_task import standard_task, task_outputs
from ecs_blocks.blocks.task import Task, TaskHandle
from ecs_blocks.blocks.thresholds import Thresholds
from ecs_blocks.values import Value, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.blocks.balancer import Balancer
    from ecs_blocks.blocks.container import Container, Port
    from ecs_blocks.blocks.fronted import Fronted, WebEnvironment
    from ecs_blocks.blocks.shared_front import Shared
    from ecs_blocks.blocks.sidecar import Sidecar
    from ecs_blocks.blocks.task_secret import AnySecret
    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.templates.stack import Scope


class AnyFront(Protocol):
    """How callers reach a service: ``Front`` or ``SharedFront``."""

    @property
    def domain(self) -> Value[str]:
        """The host name."""
        ...

    @property
    def grace_period_s(self) -> Value[int]:
        """How long a new task may fail health checks."""
        ...

    def open(self, scope: Scope, network: Network, task: TaskHandle, group: Any) -> Fronted:
        """Add what leads to the tasks."""
        ...


class WebServiceHandle(Struct, frozen=True, kw_only=True):
    """Everything a web service is made of; each ``resource`` may be changed before the end.

    ``traffic`` is the ``TrafficHandle`` of a deployment that shifts it.
    """

    task: TaskHandle
    security_group: Any
    entrance: EntranceHandle
    records: tuple[Any, ...]
    service: ServiceHandle
    scaling: ScalingHandle
    alarms: tuple[Any, ...]
    traffic: Any = None

    @property
    def balancer(self) -> Balancer:
        """The load balancer: of its own, a ``BalancerHandle``; of a shared one its names alone."""
        return self.entrance.balancer

    @property
    def target_group(self) -> Any:
        """The target group of the task's own port."""
        return self.entrance.target_groups[MAIN]

    @property
    def ingress_rule(self) -> Any:
        """What lets the balancer reach that port."""
        return self.entrance.ingress_rules[MAIN]

    @property
    def listener_rule(self) -> Any:
        """The first rule that feeds that target group."""
        return self.entrance.rules[MAIN][0]

    @property
    def group(self) -> Group:
        """The tasks, as the peer of somebody else's rule (a database's, say)."""
        return Group(group_id(self.security_group), "the tasks")


class WebService(Struct, frozen=True, kw_only=True):
    """A web service behind a load balancer: of its own, or one that it shares.

    Attributes:
        cluster_name: the cluster it runs on.
        task: what runs.
        network: where.
        front: how it is reached: ``Front``, or ``SharedFront``.
        scaling: how many.
        notify: whom its alarms tell.
        thresholds: where they ring.
        capacity: the cluster's default, ``FargateCapacity``, or a ``CapacityStrategy``.
        deployment: how tasks are replaced: ``Rolling``, ``BlueGreen``, ``Canary``, ``Linear``.
        connect: ``ServiceConnectClient`` where it calls other services by their names. A server
            besides has to let its callers into the tasks' security group, which knows only the
            balancer.
    """

    cluster_name: Value[str]
    task: Task
    network: Network
    front: AnyFront
    scaling: ScalingTargets
    notify: Notify
    thresholds: Thresholds = field(default_factory=Thresholds)
    capacity: Capacity = field(default_factory=ClusterDefault)
    deployment: Deployment = field(default_factory=Rolling)
    connect: ServiceConnect = field(default_factory=NoServiceConnect)

    @classmethod
    def standard(
        cls,
        env: WebEnvironment,
        *,
        port: int | Port,
        health_check_path: str = "/",
        variables: Mapping[str, Value[str]] | None = None,
        secrets: Mapping[str, AnySecret] | None = None,
        egress: tuple[Rule, ...] = (),
        front: Own | Shared | None = None,
        architecture: Architecture = "X86_64",
        task_policies: tuple[Any, ...] = (),
        container: Container | None = None,
        sidecars: tuple[Sidecar, ...] = (),
        deployment: Deployment | None = None,
        connect: ServiceConnect | None = None,
    ) -> WebService:
        """The service as environment.yaml describes it.

        What varies by environment comes from *env*; what is the same everywhere is said here.

        Args:
            env: a ``WebServiceEnvironment`` runs on the cluster's instances, a
                ``FargateWebServiceEnvironment`` on Fargate; with ``Shared`` in their names they
                are for a shared load balancer.
            port: the container listens here.
            health_check_path: answers 200 to 299 when a task can serve.
            variables: environment variables, by name.
            secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
            egress: what tasks may connect to, beside HTTPS anywhere.
            front: ``Own(…)``, the default, or ``Shared(…)``.
            architecture: ``ARM64`` is Graviton.
            task_policies: what the application itself may do.
            container: how it runs: user, command, limits, mounts, ECS Exec.
            sidecars: the containers beside it.
            deployment: how tasks are replaced; ``Rolling()`` by default.
            connect: ``ServiceConnectClient(…)`` where it calls other services by their names.
        """
        chosen = front or Own()
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
            network=chosen.network(env, (*HTTPS_ONLY, *egress)),
            front=chosen.front(env, health_check_path),
            scaling=ScalingTargets(
                min_count=env.service_desired_count,
                max_count=env.service_max_count,
                schedule=env.schedule(),
                cooldowns=env.cooldowns(),
                suspended=env.scaling_suspended,
                cpu_percent=env.scaling_cpu_percent,
                memory_percent=env.scaling_memory_percent,
                requests_per_minute=env.scaling_requests_per_minute,
            ),
            notify=Notify(topic_arn=env.alarm_topic_arn, enabled=env.alarms_enabled),
            thresholds=Thresholds(
                cpu_percent=env.alarm_cpu_percent,
                memory_percent=env.alarm_memory_percent,
                target_5xx=env.alarm_target_errors,
                target_connection_errors=env.alarm_target_connection_errors,
                balancer_5xx=getattr(env, "alarm_balancer_errors", 10),
                rejected_connections=getattr(env, "alarm_rejected_connections", 0),
                response_time_s=env.alarm_response_time_seconds,
            ),
            capacity=env.capacity(),
            deployment=deployment or Rolling(),
            connect=connect or NoServiceConnect(),
        )

    def build(self, scope: Scope) -> WebServiceHandle:
        """Add all of it, in the order in which a person would tell it."""
        task = scope.build(self.task)
        group = scope.build(
            SecurityGroup(
                description="tasks: the load balancer in, what is named out",
                vpc_id=self.network.vpc_id,
                egress=self.network.egress,
            )
        )
        fronted = self.front.open(scope, self.network, task, group)
        entrance = fronted.entrance
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
            )
        )
        scaling = scope.build(
            Scaling(
                service=service,
                task=task,
                balancer=entrance.balancer,
                target_group=entrance.target_groups[MAIN],
                targets=self.scaling,
            )
        )
        alarms = tuple(scope.build(one) for one in self._alarms(fronted, service, task))
        traffic = self.deployment.attach(
            scope,
            Exposed(
                service=service.resource,
                alarms=alarms,
                target_group=entrance.target_groups[MAIN],
                rules=tuple(entrance.rules[MAIN]),
                balancer=entrance.balancer,
                policies=scaling.policies,
            ),
        )
        scope.output("Url", text("https://", self.front.domain), "where the service answers")
        scope.output("ServiceName", service.name, "the ECS service")
        task_outputs(scope, task, group)
        return WebServiceHandle(
            task=task,
            security_group=group,
            entrance=entrance,
            records=fronted.records,
            service=service,
            scaling=scaling,
            alarms=alarms,
            traffic=traffic,
        )

    def _alarms(self, fronted: Fronted, service: ServiceHandle, task: TaskHandle) -> list[Alarm]:
        """Of the service, and of each further endpoint."""
        entrance = fronted.entrance
        watched = ServiceAlarms(
            service=service,
            task=task,
            balancer=entrance.balancer,
            target_group=entrance.target_groups[MAIN],
            notify=self.notify,
            thresholds=self.thresholds,
            by_the_clock=bool(self.scaling.schedule),
            shares_balancer=fronted.shared,
        )
        more = [
            alarm
            for name, group in entrance.target_groups.items()
            if name != MAIN
            for alarm in watched.of_endpoint(name, group)
        ]
        return [*watched.alarms(), *more]
