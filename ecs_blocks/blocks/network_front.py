"""From a Network Load Balancer to the tasks: who may connect, on which ports, under which name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ecs_blocks.blocks.dns import AliasRecords
from ecs_blocks.blocks.network_load_balancer import (
    NetworkBalancerHandle,
    NetworkListener,
    NetworkLoadBalancer,
    Tcp,
    Tls,
)
from ecs_blocks.blocks.network_target_group import Answers, Connects, NetworkTargetGroup
from ecs_blocks.blocks.security_group import Group, Peer, Rule, allow_into, group_id
from ecs_blocks.blocks.service import Attachment
from ecs_blocks.blocks.target_group import Scheme
from ecs_blocks.blocks.task import CONTAINER
from ecs_blocks.errors import BlockError
from ecs_blocks.values import BucketName, HostedZoneId, Value

if TYPE_CHECKING:
    from ecs_blocks.blocks.load_balancer import LogBucket
    from ecs_blocks.blocks.network import Network
    from ecs_blocks.blocks.task import TaskHandle
    from ecs_blocks.templates.stack import Scope


class NetworkEndpoint(Struct, frozen=True, kw_only=True):
    """A port of the balancer, and the port of the task behind it.

    Attributes:
        listener: ``Tcp(5432)`` or ``Tls(port=443, certificate_arn=…)``.
        port: of the task; None is its own.
        container: which container listens.
        check: how a task is known to be well.
        client_addresses: whether tasks see the clients' addresses.
    """

    listener: Tcp | Tls
    port: int | None = None
    container: str = CONTAINER
    check: Connects | Answers = Connects()
    client_addresses: bool = False


class NetworkEntranceHandle(Struct, frozen=True, kw_only=True):
    """What stands between callers and tasks, in the order of the endpoints."""

    balancer: NetworkBalancerHandle
    target_groups: tuple[Any, ...]
    listeners: tuple[Any, ...]
    records: tuple[Any, ...]
    attachments: tuple[Attachment, ...]


class NetworkFront(Struct, frozen=True, kw_only=True):
    """How the world reaches a service that does not speak HTTP.

    Attributes:
        domain: the host name.
        hosted_zone_id: the zone that the name is in.
        endpoints: at most five ports.
        ingress: who may connect; there is no default.
        scheme: ``internet-facing``, or ``internal`` for callers inside the VPC.
        deregistration_delay_s: how long a leaving task keeps its connections.
        deletion_protection: of the load balancer.
        grace_period_s: how long a new task may fail health checks before it is replaced.
    """

    domain: Value[str]
    hosted_zone_id: Value[HostedZoneId]
    endpoints: tuple[NetworkEndpoint, ...]
    ingress: tuple[Peer, ...]
    scheme: Scheme = "internet-facing"
    deregistration_delay_s: Value[int] = 60
    deletion_protection: Value[bool] = True
    grace_period_s: Value[int] = 60

    def __post_init__(self) -> None:
        ports = [one.listener.port for one in self.endpoints]
        behind = [one.port for one in self.endpoints]
        if not ports or len(set(ports)) < len(ports):
            raise BlockError("a network load balancer needs ports, each of them once")
        if len(set(behind)) < len(behind):
            raise BlockError("two endpoints go to one port of the task; give each one of its own")
        if len(self._log_buckets()) > 1:
            raise BlockError("two listeners log into different buckets; a balancer has one")
        if not self.ingress:
            raise BlockError("ingress names nobody who may connect")

    def open(
        self, scope: Scope, network: Network, task: TaskHandle, group: Any
    ) -> NetworkEntranceHandle:
        """Add the balancer, and what leads from it to the tasks of *group*."""
        ports = [task.port if one.port is None else one.port for one in self.endpoints]
        checked = [one.check.port for one in self.endpoints if isinstance(one.check, Answers)]
        reached = dict.fromkeys([*ports, *(port for port in checked if port is not None)])
        tasks = Group(group_id(group), "the tasks")
        balancer = scope.build(
            NetworkLoadBalancer(
                vpc_id=network.vpc_id,
                subnet_ids=network.balancer_subnet_ids,
                ports=tuple(one.listener.port for one in self.endpoints),
                ingress=self.ingress,
                egress=tuple(Rule(port, tasks) for port in reached),
                scheme=self.scheme,
                deletion_protection=self.deletion_protection,
                ip_address_type=network.ip_address_type,
                log_bucket=self._log_bucket(),
            )
        )
        for number, port in enumerate(reached, 1):
            suffix = f"FromLoadBalancer{number if number > 1 else ''}"
            allow_into(scope, group, Rule(port, balancer.group), suffix)
        target_groups = tuple(
            scope.build(self._target_group(one, port, network))
            for one, port in zip(self.endpoints, ports, strict=True)
        )
        listeners = tuple(
            scope.build(
                NetworkListener(balancer=balancer, listener=one.listener, target_group=target)
            )
            for one, target in zip(self.endpoints, target_groups, strict=True)
        )
        records = scope.build(
            AliasRecords(name=self.domain, hosted_zone_id=self.hosted_zone_id, balancer=balancer)
        )
        rows = zip(self.endpoints, ports, target_groups, listeners, strict=True)
        return NetworkEntranceHandle(
            balancer=balancer,
            target_groups=target_groups,
            listeners=listeners,
            records=records,
            attachments=tuple(
                Attachment(target_group=target, after=after, container=one.container, port=port)
                for one, port, target, after in rows
            ),
        )

    def _log_bucket(self) -> Value[BucketName] | LogBucket | None:
        return next(iter(self._log_buckets().values()), None)

    def _log_buckets(self) -> dict[str, Value[BucketName] | LogBucket]:
        listeners = (one.listener for one in self.endpoints)
        return {
            repr(one.log_bucket): one.log_bucket
            for one in listeners
            if isinstance(one, Tls) and one.log_bucket is not None
        }

    def _target_group(
        self, endpoint: NetworkEndpoint, port: int, network: Network
    ) -> NetworkTargetGroup:
        return NetworkTargetGroup(
            vpc_id=network.vpc_id,
            port=port,
            balancer=self.scheme,
            check=endpoint.check,
            deregistration_delay_s=self.deregistration_delay_s,
            client_addresses=endpoint.client_addresses,
        )
