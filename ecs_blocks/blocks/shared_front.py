"""How the world reaches a service that shares a load balancer with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.blocks.balancer import Balancer
from ecs_blocks.blocks.dns import AliasRecords
from ecs_blocks.blocks.entrance import MAIN, Endpoint, Entrance
from ecs_blocks.blocks.front import domain_of
from ecs_blocks.blocks.fronted import Fronted
from ecs_blocks.blocks.listener_certificates import ListenerCertificates
from ecs_blocks.blocks.network import Network
from ecs_blocks.blocks.routes import Route
from ecs_blocks.blocks.target_options import TargetOptions
from ecs_blocks.values import CertificateArn, HostedZoneId, Value

if TYPE_CHECKING:
    from typing import Any

    from ecs_blocks.blocks.fronted import WebEnvironment
    from ecs_blocks.blocks.security_group import Rule
    from ecs_blocks.blocks.task import TaskHandle
    from ecs_blocks.templates.stack import Scope


class OwnName(Struct, frozen=True):
    """A name of the service's own, ``<app>.<zone>``; its stack makes the records."""


class CommonName(Struct, frozen=True):
    """A name that several services have parts of; who has the balancer makes its records."""

    domain: Value[str]


class Shared(Struct, frozen=True, kw_only=True):
    """A load balancer that other services use too.

    Attributes:
        balancer: what is looked up of it, ``env.shared_balancer()``.
        name: the host name: of the service's own, or one in common.
        routes: which requests; by default all for that name. Their priorities stand in
            ``stacks/priorities.lock``, unless a route has one of its own (trap 4).
        endpoints: more ports of the tasks.
        options: how the target group works.
        certificates: of names that the balancer has none for; no two stacks add the same one.
        label: tells this balancer from another one. A target group cannot move to a second load
            balancer (trap 2): change it when the service moves.
    """

    balancer: Balancer
    name: OwnName | CommonName = OwnName()
    routes: tuple[Route, ...] = (Route(),)
    endpoints: tuple[Endpoint, ...] = ()
    options: TargetOptions = TargetOptions()
    certificates: tuple[Value[CertificateArn], ...] = ()
    label: str = "shared"

    def network(self, env: WebEnvironment, egress: tuple[Rule, ...]) -> Network:
        """Where tasks are."""
        return Network(
            vpc_id=env.vpc_id,
            task_subnet_ids=env.task_subnet_ids(),
            egress=egress,
            addresses=env.addresses(),
        )

    def front(self, env: WebEnvironment, health_check_path: str) -> SharedFront:
        """With what environment.yaml says."""
        own = domain_of(env.app, env.hosted_zone_name)
        return SharedFront(
            domain=self.name.domain if isinstance(self.name, CommonName) else own,
            hosted_zone_id=env.hosted_zone_id,
            health_check_path=health_check_path,
            deregistration_delay_s=env.deregistration_delay_seconds,
            grace_period_s=env.health_check_grace_period_seconds,
            shared=self,
        )


class SharedFront(Struct, frozen=True, kw_only=True):
    """How the world reaches a service behind a load balancer of another stack.

    Attributes:
        domain: the host name.
        hosted_zone_id: the zone that the name is in.
        shared: the balancer, and what it sends to the service.
        health_check_path: answers 200 to 299 when a task can serve.
        deregistration_delay_s: how long a leaving task may finish its requests.
        grace_period_s: how long a new task may fail health checks before it is replaced.
    """

    domain: Value[str]
    hosted_zone_id: Value[HostedZoneId]
    shared: Shared
    health_check_path: str = "/"
    deregistration_delay_s: Value[int] = 60
    grace_period_s: Value[int] = 60

    def open(self, scope: Scope, network: Network, task: TaskHandle, group: Any) -> Fronted:
        """Add what leads from the balancer to the tasks of *group*."""
        shared = self.shared
        main = Endpoint(
            name=MAIN,
            port=task.port,
            routes=shared.routes,
            health_check_path=self.health_check_path,
            options=shared.options,
        )
        scope.build(
            ListenerCertificates(
                listener_arn=shared.balancer.listener_arn, certificates=shared.certificates
            )
        )
        entrance = scope.build(
            Entrance(
                balancer=shared.balancer,
                shared=True,
                label=f"shared {shared.label}",
                vpc_id=network.vpc_id,
                task=task,
                security_group=group,
                host=self.domain,
                deregistration_delay_s=self.deregistration_delay_s,
                endpoints=(main, *shared.endpoints),
            )
        )
        records: tuple[Any, ...] = ()
        if isinstance(shared.name, OwnName):
            records = scope.build(
                AliasRecords(
                    name=self.domain,
                    hosted_zone_id=self.hosted_zone_id,
                    balancer=shared.balancer,
                )
            )
        return Fronted(entrance=entrance, records=records, shared=True)
