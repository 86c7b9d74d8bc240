"""How the world reaches a service that has a load balancer of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.blocks.authentication import Public
from ecs_blocks.blocks.balancer_options import BalancerOptions
from ecs_blocks.blocks.dns import AliasRecords
from ecs_blocks.blocks.entrance import MAIN, Endpoint, Entrance
from ecs_blocks.blocks.fronted import Fronted
from ecs_blocks.blocks.load_balancer import LoadBalancer
from ecs_blocks.blocks.network import Network
from ecs_blocks.blocks.routes import Route
from ecs_blocks.blocks.security_group import ANYWHERE, PRIVATE, Cidr, Group, Peer, Rule, group_id
from ecs_blocks.blocks.service_environment import ServiceEnvironment
from ecs_blocks.blocks.target_group import Scheme
from ecs_blocks.blocks.target_options import TargetOptions
from ecs_blocks.blocks.web_acl import NoWebAcl, WebAcl
from ecs_blocks.errors import BlockError
from ecs_blocks.values import (
    BucketName,
    CertificateArn,
    HostedZoneId,
    Value,
    text,
)

if TYPE_CHECKING:
    from typing import Any

    from ecs_blocks.blocks.fronted import WebEnvironment
    from ecs_blocks.blocks.task import TaskHandle
    from ecs_blocks.templates.stack import Scope
    from ecs_blocks.values import DomainName


TO_PROVIDER: Final = (Rule(443, Cidr("0.0.0.0/0")),)
"""What a load balancer needs to reach an identity provider."""


class Own(Struct, frozen=True, kw_only=True):
    """A load balancer of the service's own: the default.

    Attributes:
        scheme: ``internet-facing``, or ``internal`` for callers inside the VPC; a change replaces
            the balancer.
        ingress: who may connect. By default the whole world, and with ``internal`` every private
            address (RFC 1918).
        routes: which requests; by default all for the service's name.
        endpoints: more ports of the tasks.
        options: how the target group works: HTTP/2, gRPC, stickiness, …
        balancer_options: how the load balancer works: time-outs, TLS, …
        certificates: more of them, for further names.
        web_acl: the firewall in front, ``WebAcl(arn)``.
    """

    scheme: Scheme = "internet-facing"
    ingress: tuple[Peer, ...] | None = None
    routes: tuple[Route, ...] = (Route(),)
    endpoints: tuple[Endpoint, ...] = ()
    options: TargetOptions = TargetOptions()
    balancer_options: BalancerOptions = BalancerOptions()
    certificates: tuple[Value[CertificateArn], ...] = ()
    web_acl: WebAcl | NoWebAcl = NoWebAcl()

    def network(self, env: WebEnvironment, egress: tuple[Rule, ...]) -> Network:
        """Where tasks and balancer are."""
        own = _own_environment(env)
        internal = self.scheme == "internal"
        return Network(
            vpc_id=own.vpc_id,
            task_subnet_ids=own.task_subnet_ids(),
            balancer_subnet_ids=own.private_subnet_ids if internal else own.public_subnet_ids,
            ip_address_type=own.load_balancer_ip_address_type,
            egress=egress,
            addresses=own.addresses(),
        )

    def front(self, env: WebEnvironment, health_check_path: str) -> Front:
        """With what environment.yaml says."""
        own = _own_environment(env)
        return Front(
            domain=domain_of(own.app, own.hosted_zone_name),
            hosted_zone_id=own.hosted_zone_id,
            certificate_arn=own.certificate_arn,
            access_log_bucket=own.access_log_bucket,
            health_check_path=health_check_path,
            deregistration_delay_s=own.deregistration_delay_seconds,
            deletion_protection=own.deletion_protection,
            grace_period_s=own.health_check_grace_period_seconds,
            own=self,
        )


def _own_environment(env: WebEnvironment) -> ServiceEnvironment:
    if isinstance(env, ServiceEnvironment):
        return env
    if not hasattr(env, "shared_balancer"):
        raise BlockError(
            f"{type(env).__name__} is not derived from a WebServiceEnvironment, which a WebService "
            "takes: it may lack values"
        )
    raise BlockError(
        f"{type(env).__name__} is for a shared load balancer; give front=eb.Shared(…), or take a "
        "WebServiceEnvironment"
    )


class Front(Struct, frozen=True, kw_only=True):
    """How the world reaches a service.

    Attributes:
        domain: the host name.
        hosted_zone_id: the zone that the name is in.
        certificate_arn: issued, and for the name.
        access_log_bucket: takes access and connection logs.
        health_check_path: answers 200 to 299 when a task can serve.
        deregistration_delay_s: how long a leaving task may finish its requests.
        deletion_protection: of the load balancer.
        grace_period_s: how long a new task may fail health checks before it is replaced.
        own: what the balancer is like.
    """

    domain: Value[str]
    hosted_zone_id: Value[HostedZoneId]
    certificate_arn: Value[CertificateArn]
    access_log_bucket: Value[BucketName]
    health_check_path: str = "/"
    deregistration_delay_s: Value[int] = 60
    deletion_protection: Value[bool] = True
    grace_period_s: Value[int] = 60
    own: Own = Own()

    def open(self, scope: Scope, network: Network, task: TaskHandle, group: Any) -> Fronted:
        """Add the balancer, and what leads from it to the tasks of *group*."""
        own = self.own
        main = Endpoint(
            name=MAIN,
            port=task.port,
            routes=own.routes,
            health_check_path=self.health_check_path,
            options=own.options,
        )
        endpoints = (main, *own.endpoints)
        tasks = Group(group_id(group), "the tasks")
        ports = dict.fromkeys(one.port for one in endpoints)
        ingress = PRIVATE if own.scheme == "internal" else ANYWHERE
        balancer = scope.build(
            LoadBalancer(
                vpc_id=network.vpc_id,
                subnet_ids=network.balancer_subnet_ids,
                certificate_arn=self.certificate_arn,
                egress=(*(Rule(port, tasks) for port in ports), *_to_provider(endpoints)),
                access_log_bucket=self.access_log_bucket,
                scheme=own.scheme,
                ingress=ingress if own.ingress is None else own.ingress,
                deletion_protection=self.deletion_protection,
                ip_address_type=network.ip_address_type,
                options=own.balancer_options,
                certificates=own.certificates,
            )
        )
        own.web_acl.associate(scope, balancer)
        entrance = scope.build(
            Entrance(
                balancer=balancer,
                shared=False,
                label=own.scheme,
                vpc_id=network.vpc_id,
                task=task,
                security_group=group,
                host=self.domain,
                deregistration_delay_s=self.deregistration_delay_s,
                endpoints=endpoints,
            )
        )
        records = scope.build(
            AliasRecords(name=self.domain, hosted_zone_id=self.hosted_zone_id, balancer=balancer)
        )
        return Fronted(entrance=entrance, records=records, shared=False)


def _to_provider(endpoints: tuple[Endpoint, ...]) -> tuple[Rule, ...]:
    """Who asks people to sign in has to reach the identity provider: by HTTPS, and by IPv4."""
    routes = [route for one in endpoints for route in one.routes]
    if all(isinstance(route.authentication, Public) for route in routes):
        return ()
    return TO_PROVIDER


def domain_of(app: str, zone: Value[DomainName]) -> Value[str]:
    """The host name of an app: ``hoge.example.com``."""
    return text(app, ".", zone)
