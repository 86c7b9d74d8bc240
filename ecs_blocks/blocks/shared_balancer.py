"""A load balancer that many services share: of the cluster's stack, or of one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.blocks.alarms import Notify
from ecs_blocks.blocks.balancer_alarms import balancer_errors, rejected_connections
from ecs_blocks.blocks.balancer_options import BalancerOptions
from ecs_blocks.blocks.load_balancer import BalancerHandle, LoadBalancer, LogBucket
from ecs_blocks.blocks.security_group import ANYWHERE, PRIVATE, Cidr, Peer, Rule, group_id
from ecs_blocks.blocks.web_acl import NoWebAcl, WebAcl
from ecs_blocks.values import BucketName, CertificateArn, Value, ref

if TYPE_CHECKING:
    from ecs_blocks.blocks.shared_balancer_environment import SharedLoadBalancerEnvironment
    from ecs_blocks.blocks.target_group import Scheme
    from ecs_blocks.templates.stack import Scope

NOWHERE: Final = Rule(1, Cidr("255.255.255.255/32"))
"""An address that leads nowhere: a group that names nothing would let everything out."""


class SharedLoadBalancerHandle(Struct, frozen=True, kw_only=True):
    """The balancer, the alarms that watch it, and the association of the firewall or None."""

    balancer: BalancerHandle
    alarms: tuple[Any, ...]
    web_acl: Any


class SharedLoadBalancer(Struct, frozen=True, kw_only=True):
    """A load balancer to which each service's own stack adds its rules.

    Attributes:
        balancer: what it is like. Its ``egress`` is what it reaches beside the services: each of
            these lets it reach its own tasks. ``NOWHERE`` at least; HTTPS where users sign in.
        notify: whom its alarms tell.
        balancer_5xx: more answers 5xx of the balancer itself in a minute ring.
        rejected_connections: more connections in a minute for which it had no room ring; 0 is any.
        web_acl: the firewall in front, ``WebAcl(arn)``.
        name: how its outputs begin: ``SharedListenerArn``; a second one needs another name.

    Outputs, for the lookups of ``SharedBalancerEnvironment``: ``SharedListenerArn``,
    ``SharedSecurityGroupId``, ``SharedFullName``, ``SharedDnsName``, ``SharedZoneId``.
    An Application Load Balancer takes 100 rules and 100 target groups, its group 60 rules: that
    is room for 60 services.
    """

    balancer: LoadBalancer
    notify: Notify
    balancer_5xx: Value[int] = 10
    rejected_connections: Value[int] = 0
    web_acl: WebAcl | NoWebAcl = NoWebAcl()
    name: str = "Shared"

    @classmethod
    def standard(
        cls,
        env: SharedLoadBalancerEnvironment,
        *,
        access_log_bucket: Value[BucketName] | LogBucket,
        notify: Notify,
        scheme: Scheme = "internet-facing",
        ingress: tuple[Peer, ...] | None = None,
        egress: tuple[Rule, ...] = (),
        options: BalancerOptions | None = None,
        certificates: tuple[Value[CertificateArn], ...] = (),
        web_acl: WebAcl | NoWebAcl | None = None,
        name: str = "Shared",
    ) -> SharedLoadBalancer:
        """The balancer as environment.yaml describes it.

        Args:
            env: an environment that has ``SharedLoadBalancerEnvironment`` among its bases.
            access_log_bucket: takes its logs: ``cluster.bucket`` of the same stack, or a name.
            notify: whom its alarms tell: ``eb.Notify(topic_arn=cluster.topic.arn)``.
            scheme: ``internal`` is for callers inside the VPC.
            ingress: who may connect; by default the world, or every private address.
            egress: what it reaches beside the services' tasks: HTTPS, where users sign in.
            options: how it works: time-outs, TLS, HTTP/2.
            certificates: more of them, for further names.
            web_acl: the firewall in front, ``WebAcl(arn)``.
            name: how its outputs begin.
        """
        internal = scheme == "internal"
        everybody = PRIVATE if internal else ANYWHERE
        return cls(
            balancer=LoadBalancer(
                vpc_id=env.vpc_id,
                subnet_ids=env.private_subnet_ids if internal else env.public_subnet_ids,
                certificate_arn=env.certificate_arn,
                egress=egress or (NOWHERE,),
                access_log_bucket=access_log_bucket,
                scheme=scheme,
                ingress=everybody if ingress is None else ingress,
                deletion_protection=env.deletion_protection,
                ip_address_type=env.load_balancer_ip_address_type,
                options=options or BalancerOptions(),
                certificates=certificates,
            ),
            notify=notify,
            balancer_5xx=env.alarm_balancer_errors,
            rejected_connections=env.alarm_rejected_connections,
            web_acl=web_acl or NoWebAcl(),
            name=name,
        )

    def build(self, scope: Scope) -> SharedLoadBalancerHandle:
        """Add the balancer, its alarms and its outputs."""
        made = scope.build(self.balancer)
        firewall = self.web_acl.associate(scope, made)
        errors = balancer_errors(
            made.full_name,
            self.notify,
            above=self.balancer_5xx,
            description="the shared load balancer itself answers with 5xx: a service without a "
            "healthy task, or one that closes connections",
            name=self.name,
        )
        rejected = rejected_connections(
            made.full_name, self.notify, above=self.rejected_connections, name=self.name
        )
        alarms = tuple(scope.build(one) for one in (errors, rejected))
        for suffix, value, description in (
            ("ListenerArn", made.listener_arn, "where services add their rules"),
            ("SecurityGroupId", group_id(made.security_group), "whom services let in"),
            ("FullName", made.full_name, "the load balancer, as CloudWatch calls it"),
            ("DnsName", made.dns_name, "where the names of services point"),
            ("ZoneId", made.zone_id, "ELB's hosted zone of that name"),
            ("BalancerArn", ref(made.resource.title), "the load balancer, for a firewall, say"),
        ):
            scope.output(f"{self.name}{suffix}", value, description)
        return SharedLoadBalancerHandle(balancer=made, alarms=alarms, web_acl=firewall)
