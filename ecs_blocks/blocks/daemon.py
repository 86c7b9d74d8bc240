"""A task on every instance of the cluster: an agent for logs, for metrics, for security."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field
from troposphere import ecs

from ecs_blocks.blocks.alarms import Notify
from ecs_blocks.blocks.deployment import Rolling
from ecs_blocks.blocks.service import ServiceHandle
from ecs_blocks.blocks.service_alarms import TaskAlarms
from ecs_blocks.blocks.service_connect import NoServiceConnect
from ecs_blocks.blocks.standard_task import standard_task, task_outputs
from ecs_blocks.blocks.task import Task, TaskHandle
from ecs_blocks.blocks.task_network import TaskNetwork
from ecs_blocks.blocks.task_size import Ec2Size
from ecs_blocks.blocks.thresholds import TaskThresholds
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.blocks.container import Container
    from ecs_blocks.blocks.daemon_environment import DaemonEnvironment
    from ecs_blocks.blocks.task_secret import AnySecret
    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.templates.stack import Scope

NetworkMode = Literal["bridge", "host"]


class DaemonHandle(Struct, frozen=True, kw_only=True):
    """Everything that it is made of; each ``resource`` may be changed before the end.

    ``security_group`` is None where its tasks have no address.
    """

    task: TaskHandle
    service: ServiceHandle
    alarms: tuple[Any, ...]
    security_group: Any = None


class Daemon(Struct, frozen=True, kw_only=True):
    """One task on each instance of the cluster; there is none on Fargate.

    Attributes:
        cluster_name: the cluster, which has instances.
        task: what runs, of an ``Ec2Size``. ``HostVolume`` mounts what it watches.
        notify: whom its alarms tell.
        thresholds: where they ring.
        network_mode: ``bridge`` gets out by the instance's address and is reached by nobody;
            ``host`` listens on the instance itself, for the tasks there; a ``TaskNetwork`` gives
            each task an address of its own (``awsvpc``).

    By default it takes no network interface of its own: an instance has few of them (trap 17), and
    a daemon would take one from each. A deploy stops the old task of an instance before it starts
    the new one, so that there are two at no time; nothing is watched for these seconds.
    """

    cluster_name: Value[str]
    task: Task
    notify: Notify
    thresholds: TaskThresholds = field(default_factory=TaskThresholds)
    network_mode: NetworkMode | TaskNetwork = "bridge"

    def __post_init__(self) -> None:
        if not isinstance(self.task.size, Ec2Size):
            raise BlockError("a daemon runs on instances; its size is an eb.Ec2Size(...)")
        if isinstance(self.network_mode, TaskNetwork):
            self.network_mode.addresses.check(self.task.size)

    @classmethod
    def standard(
        cls,
        env: DaemonEnvironment,
        *,
        port: int | None = None,
        network_mode: NetworkMode | TaskNetwork = "bridge",
        variables: Mapping[str, Value[str]] | None = None,
        secrets: Mapping[str, AnySecret] | None = None,
        architecture: Architecture = "X86_64",
        task_policies: tuple[Any, ...] = (),
        container: Container | None = None,
    ) -> Daemon:
        """The daemon as environment.yaml describes it.

        Args:
            env: a ``DaemonEnvironment``.
            port: where it listens, with ``host`` on the instance's own address.
            network_mode: ``bridge``, ``host``, or a ``TaskNetwork``.
            variables: environment variables, by name.
            secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
            architecture: ``ARM64`` is Graviton.
            task_policies: what the agent may do.
            container: how it runs: what it mounts of the instance, above all.
        """
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
            ),
            notify=Notify(topic_arn=env.alarm_topic_arn, enabled=env.alarms_enabled),
            thresholds=TaskThresholds(
                cpu_percent=env.alarm_cpu_percent, memory_percent=env.alarm_memory_percent
            ),
            network_mode=network_mode,
        )

    def build(self, scope: Scope) -> DaemonHandle:
        """Add all of it."""
        task = scope.build(self.task)
        if task.disks:
            raise BlockError("a daemon has no EbsVolume: ECS makes none for it; use a HostVolume")
        network = self.network_mode
        group = network.security_group(scope) if isinstance(network, TaskNetwork) else None
        if not isinstance(network, TaskNetwork):
            task.resource.NetworkMode = network
        resource = scope.add(
            ecs.Service(
                scope.id("Service"),
                Cluster=self.cluster_name,
                TaskDefinition=task.arn,
                SchedulingStrategy="DAEMON",
                # a strategy, the cluster's default too, is refused for a daemon
                # (aws/containers-roadmap issue 692)
                LaunchType="EC2",
                **_addresses(network, group),
                LoadBalancers=[],
                ServiceRegistries=[],
                DeploymentConfiguration=Rolling(
                    minimum_healthy_percent=0, maximum_percent=100
                ).configuration(scope),
                AvailabilityZoneRebalancing="DISABLED",
                EnableExecuteCommand=False if task.exec is None else task.exec.enabled,
                ServiceConnectConfiguration=NoServiceConnect().configuration(task, scope),
                EnableECSManagedTags=True,
                PropagateTags="SERVICE",
            )
        )
        service = ServiceHandle(resource=resource, cluster_name=self.cluster_name)
        alarms = scope.build(
            TaskAlarms(service=service, task=task, notify=self.notify, thresholds=self.thresholds)
        )
        scope.output("ServiceName", service.name, "the ECS service")
        task_outputs(scope, task, group)
        return DaemonHandle(task=task, service=service, alarms=alarms, security_group=group)


def _addresses(network: NetworkMode | TaskNetwork, group: Any) -> dict[str, Any]:
    """Of the service, where its tasks have addresses."""
    if not isinstance(network, TaskNetwork):
        return {}
    return {
        "NetworkConfiguration": ecs.NetworkConfiguration(
            AwsvpcConfiguration=ecs.AwsvpcConfiguration(
                **network.addresses.of_task(network.subnet_ids, group)
            )
        )
    }
