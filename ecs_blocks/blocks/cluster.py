"""A cluster, and what all services of an environment share: topic, key, bucket for logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from msgspec import Struct
from troposphere import ecs

from ecs_blocks.blocks.access_log_bucket import AccessLogBucket, BucketHandle
from ecs_blocks.blocks.alarm_topic import AlarmTopic, Subscription, TopicHandle
from ecs_blocks.blocks.alarms import Notify
from ecs_blocks.blocks.capacity import FargateCapacity
from ecs_blocks.blocks.cluster_alarms import ClusterAlarms, PlacementFailures
from ecs_blocks.blocks.instances import Instances, InstanceSettings, InstancesHandle
from ecs_blocks.blocks.key import Key
from ecs_blocks.blocks.log_group import LogGroup
from ecs_blocks.blocks.managed_instances import (
    ManagedInstances,
    ManagedInstanceSettings,
    ManagedInstancesHandle,
)
from ecs_blocks.errors import BlockError
from ecs_blocks.values import STACK_NAME, Token, Value, get_att, known, ref, text

if TYPE_CHECKING:
    from ecs_blocks.blocks.cluster_environment import ClusterEnvironment
    from ecs_blocks.templates.stack import Scope


Insights: TypeAlias = Literal["enhanced", "enabled", "disabled"]
"""What Container Insights measure: clusters, services, tasks and containers; the first two; none.

Source: Amazon ECS API Reference, ``ClusterSetting``.
"""


class ClusterHandle(Struct, frozen=True, kw_only=True):
    """What a cluster offers to services in the same stack; others look its outputs up."""

    resource: Any
    association: Any
    key: Any
    topic: TopicHandle
    bucket: BucketHandle
    exec_log_group: Any
    instances: InstancesHandle | None
    managed: ManagedInstancesHandle | None
    placement_rule: Any
    alarms: tuple[Any, ...]

    @property
    def name(self) -> Token[str]:
        """The cluster's name, once it has its capacity providers.

        A service of the same stack that uses it waits for them, and goes before they do
        (trap 14): the association's Ref is the cluster's name.
        """
        return ref(self.association.title)


class Cluster(Struct, frozen=True, kw_only=True):
    """An ECS cluster with Fargate, Fargate Spot and, if asked for, instances.

    Attributes:
        name: the cluster's name, which services know.
        subscriptions: who hears of alarms.
        instances: adds EC2 instances (``InstanceSettings``) or those that AWS keeps
            (``ManagedInstanceSettings``), and makes them the default of services that do not
            choose; without them Fargate is the default.
        log_retention_days: of the log of commands that people ran in containers (ECS Exec).
        access_log_days: of the load balancers' logs.
        alarms_enabled: whether alarms notify.
        reservation_percent: how full a cluster that cannot grow may be.
        network_balancer_logs: whether the bucket takes logs of Network Load Balancers too.
        bucket_logs: whether it takes those of other buckets too (S3 server access logs).
        default_capacity: where services run that do not choose; None is the instances or, where
            there are none, Fargate. ``FargateCapacity(base=1, weight=1, spot_weight=3)`` puts
            three of four tasks beyond the first on Spot. Services that exist move at their next
            deploy.
        container_insights: what is measured of services and tasks, and billed by the metric. The
            alarm on tasks that are missing needs it: with ``disabled`` it never rings.
        namespace: the Cloud Map namespace of services that use Service Connect and name none, by
            its ARN (``namespace.arn``) or name.

    Outputs: ``ClusterName``, ``ClusterArn``, ``AlarmTopicArn``, ``KeyArn``, ``AccessLogBucket``,
    ``ExecLogGroupName`` and, with instances, ``CapacityProvider`` and ``InstanceSecurityGroupId``.
    They are looked up, not exported: an export could not change while anybody imports it (trap
    31).
    """

    name: Value[str]
    subscriptions: tuple[Subscription, ...]
    instances: InstanceSettings | ManagedInstanceSettings | None = None
    log_retention_days: Value[int] = 30
    access_log_days: Value[int] = 365
    alarms_enabled: Value[bool] = True
    reservation_percent: Value[int] = 90
    network_balancer_logs: bool = False
    bucket_logs: bool = False
    default_capacity: FargateCapacity | None = None
    container_insights: Value[Insights] = "enhanced"
    namespace: Value[str] | None = None

    def __post_init__(self) -> None:
        level = known(self.container_insights)
        if level and level[0] not in get_args(Insights):
            raise BlockError(
                f"container_insights is {level[0]!r}; allowed: {', '.join(get_args(Insights))}"
            )

    @classmethod
    def standard(
        cls,
        env: ClusterEnvironment,
        *,
        subscriptions: tuple[Subscription, ...] = (),
        network_balancer_logs: bool = False,
        bucket_logs: bool = False,
        default_capacity: FargateCapacity | None = None,
        container_insights: Value[Insights] = "enhanced",
        namespace: Value[str] | None = None,
    ) -> Cluster:
        """The cluster as environment.yaml describes it.

        Args:
            env: an ``InstancesEnvironment`` adds instances, a ``SpotInstancesEnvironment`` mixes
                them with Spot, a ``ManagedInstancesEnvironment`` has those that AWS keeps; a
                ``ClusterEnvironment`` is Fargate.
            subscriptions: who hears of alarms, beside ``AlarmEmail``.
            network_balancer_logs: whether the bucket takes logs of Network Load Balancers too.
            bucket_logs: whether it takes those of other buckets too (S3 server access logs).
            default_capacity: where services run that do not choose: Fargate with a share on Spot.
            container_insights: ``enhanced``, ``enabled``, ``disabled``, or a value of *env*.
            namespace: of services that use Service Connect and name none.
        """
        return cls(
            name=env.cluster_name,
            subscriptions=(Subscription(env.alarm_email), *subscriptions),
            instances=env.instances(),
            log_retention_days=env.log_retention_days,
            access_log_days=env.access_log_days,
            alarms_enabled=env.alarms_enabled,
            reservation_percent=env.alarm_reservation_percent,
            network_balancer_logs=network_balancer_logs,
            bucket_logs=bucket_logs,
            default_capacity=default_capacity,
            container_insights=container_insights,
            namespace=namespace,
        )

    def build(self, scope: Scope) -> ClusterHandle:
        """Add all of it."""
        key = scope.build(Key(description="log groups and the alarm topic of the environment"))
        topic = scope.build(
            AlarmTopic(
                key=key, subscriptions=self.subscriptions, alarms_enabled=self.alarms_enabled
            )
        )
        bucket = scope.build(
            AccessLogBucket(
                retention_days=self.access_log_days,
                network_balancers=self.network_balancer_logs,
                buckets=self.bucket_logs,
            )
        )
        exec_log = scope.build(
            LogGroup(
                name=text("/ecs/", STACK_NAME, "/exec"),
                retention_days=self.log_retention_days,
                key_arn=get_att(key, "Arn"),
            ),
            "Exec",
        )
        cluster = scope.add(self._cluster(scope.id("Cluster"), key, exec_log))
        instances, managed = None, None
        if isinstance(self.instances, ManagedInstanceSettings):
            managed = scope.build(ManagedInstances(cluster=cluster, settings=self.instances))
        elif self.instances is not None:
            instances = _instances(scope, cluster, self.instances, key, topic)
        association = scope.add(
            _association(
                scope.id("CapacityProviders"), cluster, instances, managed, self.default_capacity
            )
        )
        notify = Notify(topic_arn=topic.arn, enabled=self.alarms_enabled)
        rule = scope.build(PlacementFailures(cluster=cluster, topic_arn=topic.arn))
        alarms: tuple[Any, ...] = ()
        if instances is not None:
            alarms = scope.build(
                ClusterAlarms(
                    cluster=cluster,
                    instances=instances,
                    notify=notify,
                    reservation_percent=self.reservation_percent,
                )
            )
        handle = ClusterHandle(
            resource=cluster,
            association=association,
            key=key,
            topic=topic,
            bucket=bucket,
            exec_log_group=exec_log,
            instances=instances,
            managed=managed,
            placement_rule=rule,
            alarms=alarms,
        )
        _outputs(scope, handle)
        return handle

    def _cluster(self, title: str, key: Any, exec_log: Any) -> Any:
        made = ecs.Cluster(
            title,
            ClusterName=self.name,
            ClusterSettings=[
                ecs.ClusterSetting(Name="containerInsights", Value=self.container_insights)
            ],
            Configuration=ecs.ClusterConfiguration(
                ExecuteCommandConfiguration=ecs.ExecuteCommandConfiguration(
                    KmsKeyId=get_att(key, "Arn"),
                    Logging="OVERRIDE",
                    LogConfiguration=ecs.ExecuteCommandLogConfiguration(
                        CloudWatchLogGroupName=ref(exec_log.title),
                        CloudWatchEncryptionEnabled=True,
                    ),
                )
            ),
        )
        if self.namespace is not None:
            made.ServiceConnectDefaults = ecs.ServiceConnectDefaults(Namespace=self.namespace)
        return made


def _instances(
    scope: Scope, cluster: Any, settings: InstanceSettings, key: Any, topic: TopicHandle
) -> InstancesHandle:
    activity = scope.build(AlarmTopic(key=key, subscriptions=()), "Activity")
    return scope.build(
        Instances(cluster=cluster, settings=settings, alarm_topic=topic, activity_topic=activity)
    )


def _association(
    title: str,
    cluster: Any,
    instances: InstancesHandle | None,
    managed: ManagedInstancesHandle | None,
    capacity: FargateCapacity | None,
) -> Any:
    """Which providers the cluster has, and which ones serve who does not choose.

    One of Managed Instances has its cluster already, and may not be listed.
    """
    providers: list[Any] = ["FARGATE", "FARGATE_SPOT"]
    default: Any = "FARGATE"
    if instances is not None:
        default = instances.provider_name
        providers.append(default)
    elif managed is not None:
        default = managed.provider_name
    return ecs.ClusterCapacityProviderAssociations(
        title,
        Cluster=ref(cluster.title),
        CapacityProviders=providers,
        DefaultCapacityProviderStrategy=_strategy(default, capacity),
    )


def _strategy(default: Any, capacity: FargateCapacity | None) -> list[Any]:
    if capacity is None:
        return [ecs.CapacityProviderStrategy(CapacityProvider=default, Weight=1)]
    on_demand, spot = capacity.strategy()
    return [
        ecs.CapacityProviderStrategy(
            CapacityProvider=on_demand.name, Base=on_demand.base, Weight=on_demand.weight
        ),
        ecs.CapacityProviderStrategy(CapacityProvider=spot.name, Weight=spot.weight),
    ]


def _outputs(scope: Scope, handle: ClusterHandle) -> None:
    rows: list[tuple[str, Any, str]] = [
        ("ClusterName", ref(handle.resource.title), "the cluster"),
        ("ClusterArn", get_att(handle.resource, "Arn"), "the cluster"),
        ("AlarmTopicArn", handle.topic.arn, "the topic that alarms notify"),
        ("KeyArn", get_att(handle.key, "Arn"), "the key that encrypts log groups"),
        ("AccessLogBucket", handle.bucket.name, "takes the load balancers' logs"),
        ("ExecLogGroupName", ref(handle.exec_log_group.title), "takes what is typed by ECS Exec"),
    ]
    if (own := handle.instances or handle.managed) is not None:
        group = get_att(own.security_group, "GroupId")
        rows += [
            ("CapacityProvider", own.provider_name, "the instances"),
            ("InstanceSecurityGroupId", group, "the group of the instances"),
        ]
    if handle.instances is not None:
        rows += [
            (
                "ActivityTopicArn",
                handle.instances.activity_topic.arn,
                "hears of every instance that comes and goes; subscribe to it where that matters",
            ),
        ]
    for name, value, description in rows:
        scope.output(name, value, description)
