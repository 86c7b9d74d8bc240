"""From a Network Load Balancer to the tasks: who may connect, on which ports, under which name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from ecs_blocks.blocks.dns import AliasRecords
from ecs_blocks.blocks.limits import check_port
from ecs_blocks.blocks.network_load_balancer import (
    PROTOCOLS,
    AnyListener,
    NetworkBalancerHandle,
    NetworkListener,
    NetworkLoadBalancer,
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
    from collections.abc import Sequence

    from ecs_blocks.blocks.load_balancer import LogBucket
    from ecs_blocks.blocks.network import Network
    from ecs_blocks.blocks.task import TaskHandle
    from ecs_blocks.templates.stack import Scope


Protocol: TypeAlias = Literal["tcp", "udp"]


class NetworkEndpoint(Struct, frozen=True, kw_only=True):
    """A port of the balancer, and the port of the task behind it.

    Attributes:
        listener: ``Tcp(5432)``, ``Tls(port=443, certificate_arn=…)``, ``Udp(514)``.
        port: of the task; None is its own.
        container: which container listens.
        check: how a task is known to be well; behind ``Udp`` it names a port of TCP.
        client_addresses: whether tasks see the clients' addresses; behind ``Udp`` they do.
    """

    listener: AnyListener
    port: int | None = None
    container: str = CONTAINER
    check: Connects | Answers = Connects()
    client_addresses: bool = False

    def __post_init__(self) -> None:
        if self.port is not None:
            check_port(self.port)


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
        if not ports or len(set(ports)) < len(ports):
            raise BlockError("a network load balancer needs ports, each of them once")
        _check_behind([one.port for one in self.endpoints])
        if len(self._log_buckets()) > 1:
            raise BlockError("two listeners log into different buckets; a balancer has one")
        if not self.ingress:
            raise BlockError("ingress names nobody who may connect")

    def open(
        self, scope: Scope, network: Network, task: TaskHandle, group: Any
    ) -> NetworkEntranceHandle:
        """Add the balancer, and what leads from it to the tasks of *group*."""
        ports = [task.port if one.port is None else one.port for one in self.endpoints]
        _check_behind(ports)
        reached = self._reached(ports)
        _check_protocols(reached, task)
        tasks = Group(group_id(group), "the tasks")
        balancer = scope.build(
            NetworkLoadBalancer(
                vpc_id=network.vpc_id,
                subnet_ids=network.balancer_subnet_ids,
                ports=self._listening("tcp"),
                udp_ports=self._listening("udp"),
                ingress=self.ingress,
                egress=tuple(Rule(port, tasks, protocol) for port, protocol in reached),
                scheme=self.scheme,
                deletion_protection=self.deletion_protection,
                ip_address_type=network.ip_address_type,
                log_bucket=self._log_bucket(),
            )
        )
        for number, (port, protocol) in enumerate(reached, 1):
            suffix = f"FromLoadBalancer{number if number > 1 else ''}"
            allow_into(scope, group, Rule(port, balancer.group, protocol), suffix)
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

    def _listening(self, protocol: Protocol) -> tuple[int, ...]:
        """The ports of the balancer that speak *protocol*."""
        listeners = (one.listener for one in self.endpoints)
        return tuple(one.port for one in listeners if protocol == PROTOCOLS[one.target])

    def _reached(self, ports: list[int]) -> list[tuple[int, Protocol]]:
        """What the balancer reaches of a task: where it sends to, and where it asks."""
        sent = [
            (port, PROTOCOLS[one.listener.target])
            for one, port in zip(self.endpoints, ports, strict=True)
        ]
        asked = (one.check.port for one in self.endpoints)
        tcp: Protocol = "tcp"
        return list(dict.fromkeys([*sent, *((port, tcp) for port in asked if port is not None)]))

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
            protocol=endpoint.listener.target,
        )


def _check_behind(ports: Sequence[int | None]) -> None:
    """A target group is of one port, and belongs to one listener."""
    if len(set(ports)) < len(ports):
        raise BlockError("two endpoints go to one port of the task; give each one of its own")


def _check_protocols(reached: list[tuple[int, Protocol]], task: TaskHandle) -> None:
    """A port of TCP hears no datagrams, and one number of two protocols ECS does not take.

    Source: aws/amazon-ecs-agent issue 3428 ("Container port … is used in more than one port
    mapping"), which CreateService answers.
    """
    numbers = [one.number for one in task.ports]
    for port, _ in reached:
        if numbers.count(port) > 1:
            raise BlockError(
                f"port {port} of the task is one for TCP and one for UDP, and ECS takes no service "
                "whose load balancer leads to such a port; give each a number of its own"
            )
    heard = {(one.number, one.protocol) for one in task.ports}
    for port, protocol in reached:
        if protocol == "udp" and (port, protocol) not in heard:
            raise BlockError(
                f"no container of the task listens on port {port} by UDP; give it "
                f'eb.Port({port}, …, protocol="udp")'
            )
