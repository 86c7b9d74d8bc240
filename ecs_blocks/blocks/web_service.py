"""A web service and all that belongs to it: the block that most applications need.

One HTTPS name in front of tasks in private subnets: task definition, roles, log group, security
groups, load balancer, target group, listener rule, DNS records, service, scaling, alarms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from ecs_blocks.blocks.alarms import Notify
from ecs_blocks.blocks.dns import AliasRecords
from ecs_blocks.blocks.front import Front, domain_of
from ecs_blocks.blocks.load_balancer import BalancerHandle, LoadBalancer, forward_host
from ecs_blocks.blocks.network import HTTPS_ONLY, Network
from ecs_blocks.blocks.scaling import Scaling, ScalingHandle, ScalingTargets
from ecs_blocks.blocks.security_group import (
    ANYWHERE,
    Cidr,
    Group,
    Rule,
    SecurityGroup,
    allow_into,
    group_id,
)
from ecs_blocks.blocks.service import Capacity, ClusterDefault, Service, ServiceHandle
from ecs_blocks.blocks.service_alarms import ServiceAlarms, Thresholds
from ecs_blocks.blocks.target_group import TargetGroup
from ecs_blocks.blocks.task import Task, TaskHandle
from ecs_blocks.values import (
    Value,
    get_att,
    ref,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.blocks.service_environment import ServiceEnvironment
    from ecs_blocks.blocks.target_group import Scheme
    from ecs_blocks.blocks.task_secret import AnySecret
    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.templates.stack import Scope


class WebServiceHandle(Struct, frozen=True, kw_only=True):
    """Everything a web service is made of; each ``resource`` may be changed before the end."""

    task: TaskHandle
    security_group: Any
    ingress_rule: Any
    balancer: BalancerHandle
    target_group: Any
    listener_rule: Any
    records: tuple[Any, Any]
    service: ServiceHandle
    scaling: ScalingHandle
    alarms: tuple[Any, ...]

    @property
    def group(self) -> Group:
        """The tasks, as the peer of somebody else's rule (a database's, say)."""
        return Group(group_id(self.security_group), "the tasks")


class WebService(Struct, frozen=True, kw_only=True):
    """A web service with a load balancer of its own.

    Attributes:
        cluster_name: the cluster it runs on.
        task: what runs.
        network: where.
        front: how it is reached.
        scaling: how many.
        notify: whom its alarms tell.
        thresholds: where they ring.
        capacity: the cluster's default, or ``FargateCapacity``.
    """

    cluster_name: Value[str]
    task: Task
    network: Network
    front: Front
    scaling: ScalingTargets
    notify: Notify
    thresholds: Thresholds = field(default_factory=Thresholds)
    capacity: Capacity = field(default_factory=ClusterDefault)

    @classmethod
    def standard(
        cls,
        env: ServiceEnvironment,
        *,
        port: int,
        health_check_path: str = "/",
        variables: Mapping[str, Value[str]] | None = None,
        secrets: Mapping[str, AnySecret] | None = None,
        egress: tuple[Rule, ...] = (),
        scheme: Scheme = "internet-facing",
        architecture: Architecture = "X86_64",
        task_policies: tuple[Any, ...] = (),
    ) -> WebService:
        """The service as environment.yaml describes it.

        What varies by environment comes from *env*; what is the same everywhere is said here.

        Args:
            env: a ``WebServiceEnvironment`` runs on the cluster's instances, a
                ``FargateWebServiceEnvironment`` on Fargate.
            port: the container listens here.
            health_check_path: answers 200 to 299 when a task can serve.
            variables: environment variables, by name.
            secrets: variables whose value ECS reads from Parameter Store or Secrets Manager.
            egress: what tasks may connect to, beside HTTPS anywhere.
            scheme: ``internal`` puts the balancer into the private subnets, for the VPC alone.
            architecture: ``ARM64`` is Graviton.
            task_policies: what the application itself may do.
        """
        internal = scheme == "internal"
        return cls(
            cluster_name=env.cluster_name,
            task=Task(
                image=env.image,
                images=env.images,
                size=env.size(architecture),
                port=port,
                log_retention_days=env.log_retention_days,
                log_key_arn=env.key_arn,
                variables=variables or {},
                secrets=secrets or {},
                task_policies=task_policies,
            ),
            network=Network(
                vpc_id=env.vpc_id,
                task_subnet_ids=env.private_subnet_ids,
                balancer_subnet_ids=env.private_subnet_ids if internal else env.public_subnet_ids,
                ip_address_type=env.load_balancer_ip_address_type,
                egress=(*HTTPS_ONLY, *egress),
            ),
            front=Front(
                domain=domain_of(env.app, env.hosted_zone_name),
                hosted_zone_id=env.hosted_zone_id,
                certificate_arn=env.certificate_arn,
                access_log_bucket=env.access_log_bucket,
                scheme=scheme,
                ingress=(Cidr("10.0.0.0/8"), Cidr("172.16.0.0/12"), Cidr("192.168.0.0/16"))
                if internal
                else ANYWHERE,
                health_check_path=health_check_path,
                deregistration_delay_s=env.deregistration_delay_seconds,
                deletion_protection=env.deletion_protection,
                grace_period_s=env.health_check_grace_period_seconds,
            ),
            scaling=ScalingTargets(
                min_count=env.service_desired_count,
                max_count=env.service_max_count,
                cpu_percent=env.scaling_cpu_percent,
                memory_percent=env.scaling_memory_percent,
                requests_per_minute=env.scaling_requests_per_minute,
            ),
            notify=Notify(topic_arn=env.alarm_topic_arn, enabled=env.alarms_enabled),
            thresholds=Thresholds(
                cpu_percent=env.alarm_cpu_percent,
                memory_percent=env.alarm_memory_percent,
                target_5xx=env.alarm_target_errors,
                balancer_5xx=env.alarm_balancer_errors,
                response_time_s=env.alarm_response_time_seconds,
            ),
            capacity=env.capacity(),
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
        balancer = scope.build(
            LoadBalancer(
                vpc_id=self.network.vpc_id,
                subnet_ids=self.network.balancer_subnet_ids,
                certificate_arn=self.front.certificate_arn,
                targets=Group(group_id(group), "the tasks"),
                port=task.port,
                access_log_bucket=self.front.access_log_bucket,
                scheme=self.front.scheme,
                ingress=self.front.ingress,
                deletion_protection=self.front.deletion_protection,
                ip_address_type=self.network.ip_address_type,
            )
        )
        ingress_rule = allow_into(scope, group, Rule(task.port, balancer.group), "FromLoadBalancer")
        target_group = scope.build(
            TargetGroup(
                vpc_id=self.network.vpc_id,
                port=task.port,
                scheme=self.front.scheme,
                health_check_path=self.front.health_check_path,
                deregistration_delay_s=self.front.deregistration_delay_s,
            )
        )
        rule = forward_host(scope, balancer.https_listener, self.front.domain, target_group)
        records = scope.build(
            AliasRecords(
                name=self.front.domain,
                hosted_zone_id=self.front.hosted_zone_id,
                balancer=balancer,
            )
        )
        service = scope.build(
            Service(
                cluster_name=self.cluster_name,
                task=task,
                subnet_ids=self.network.task_subnet_ids,
                security_group=group,
                target_group=target_group,
                after=rule,
                capacity=self.capacity,
                grace_period_s=self.front.grace_period_s,
            )
        )
        scaling = scope.build(
            Scaling(
                service=service,
                task=task,
                balancer=balancer,
                target_group=target_group,
                targets=self.scaling,
            )
        )
        alarms = scope.build(
            ServiceAlarms(
                service=service,
                task=task,
                balancer=balancer,
                target_group=target_group,
                notify=self.notify,
                thresholds=self.thresholds,
            )
        )
        for name, value, description in (
            ("Url", text("https://", self.front.domain), "where the service answers"),
            ("ServiceName", service.name, "the ECS service"),
            ("SecurityGroupId", group_id(group), "the tasks, for a database to let in"),
            ("TaskRoleArn", get_att(task.role, "Arn"), "what the application acts as"),
            ("LogGroupName", ref(task.log_group.title), "where the application's log is"),
        ):
            scope.output(name, value, description)
        return WebServiceHandle(
            task=task,
            security_group=group,
            ingress_rule=ingress_rule,
            balancer=balancer,
            target_group=target_group,
            listener_rule=rule,
            records=records,
            service=service,
            scaling=scaling,
            alarms=alarms,
        )
