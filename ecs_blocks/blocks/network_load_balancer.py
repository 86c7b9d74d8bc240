"""A Network Load Balancer: for what is not HTTP, by TCP or TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeAlias

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.balancer_options import SSL_POLICY
from ecs_blocks.blocks.limits import check_port
from ecs_blocks.blocks.listener_certificates import ListenerCertificates
from ecs_blocks.blocks.load_balancer import LogBucket
from ecs_blocks.blocks.security_group import Group, Peer, Rule, SecurityGroup, group_id
from ecs_blocks.blocks.target_group import Scheme
from ecs_blocks.errors import BlockError
from ecs_blocks.templates.suppress import suppress
from ecs_blocks.values import (
    STACK_NAME,
    BucketName,
    CertificateArn,
    SubnetId,
    Token,
    Value,
    VpcId,
    as_text,
    get_att,
    known,
    ref,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.templates.stack import Scope

Target = Literal["TCP", "UDP"]
Alpn = Literal["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"]


class Tcp(Struct, frozen=True):
    """Connections are handed on as they come; what is in them is the application's business."""

    target: ClassVar[Target] = "TCP"

    port: int

    def __post_init__(self) -> None:
        check_port(self.port)

    def properties(self) -> dict[str, Any]:
        """Of the listener."""
        return {"Port": self.port, "Protocol": "TCP"}

    def more(self) -> tuple[Value[CertificateArn], ...]:
        """Certificates beside the first."""
        return ()


class Tls(Struct, frozen=True, kw_only=True):
    """TLS ends at the load balancer, which goes on to the tasks by plain TCP.

    Attributes:
        port: of the listener.
        certificate_arn: issued, and for the name that clients use.
        certificates: more of them, for further names.
        ssl_policy: which versions and ciphers.
        alpn: which protocol is agreed on; by default none is.
        log_bucket: takes a line for each connection: the cluster's, which has to let Network Load
            Balancers write (``AccessLogBucket(network_balancers=True)``). TCP has no such log.
    """

    target: ClassVar[Target] = "TCP"

    port: int
    certificate_arn: Value[CertificateArn]
    certificates: tuple[Value[CertificateArn], ...] = ()
    ssl_policy: str = SSL_POLICY
    alpn: Alpn = "None"
    log_bucket: Value[BucketName] | LogBucket | None = None

    def __post_init__(self) -> None:
        check_port(self.port)

    def properties(self) -> dict[str, Any]:
        """Of the listener."""
        return {
            "Port": self.port,
            "Protocol": "TLS",
            "SslPolicy": self.ssl_policy,
            "Certificates": [elb.Certificate(CertificateArn=self.certificate_arn)],
            "AlpnPolicy": [self.alpn],
        }

    def more(self) -> tuple[Value[CertificateArn], ...]:
        """Certificates beside the first."""
        return self.certificates


class Udp(Struct, frozen=True):
    """Datagrams are handed on as they come: syslog, statsd, a game.

    The endpoint needs a ``check`` with a port of its own, and the task a ``Port(…,
    protocol="udp")``. A port for both protocols, as DNS has, cannot be had: ECS takes no service
    of which one container port has two mappings (aws/amazon-ecs-agent issue 3428).
    """

    target: ClassVar[Target] = "UDP"

    port: int

    def __post_init__(self) -> None:
        check_port(self.port)

    def properties(self) -> dict[str, Any]:
        """Of the listener."""
        return {"Port": self.port, "Protocol": self.target}

    def more(self) -> tuple[Value[CertificateArn], ...]:
        """Certificates beside the first."""
        return ()


AnyListener: TypeAlias = Tcp | Tls | Udp
PROTOCOLS: Final[Mapping[str, Literal["tcp", "udp"]]] = {"TCP": "tcp", "TLS": "tcp", "UDP": "udp"}
"""What security groups call the protocols of a listener, or of a target group."""


class NetworkBalancerHandle(Struct, frozen=True, kw_only=True):
    """The balancer and its security group, and what records and alarms ask for."""

    resource: Any
    security_group: Any

    @property
    def dns_name(self) -> Token[str]:
        """The name that AWS gave it."""
        return get_att(self.resource, "DNSName")

    @property
    def zone_id(self) -> Token[str]:
        """The hosted zone of that name: not that of the domain."""
        return get_att(self.resource, "CanonicalHostedZoneID")

    @property
    def full_name(self) -> Token[str]:
        """The metric dimension ``LoadBalancer``: ``net/name/id``."""
        return get_att(self.resource, "LoadBalancerFullName")

    @property
    def group(self) -> Group:
        """Its security group, as the peer of a rule."""
        return Group(group_id(self.security_group), "the load balancer")


class NetworkLoadBalancer(Struct, frozen=True, kw_only=True):
    """A Network Load Balancer with a security group of its own.

    Attributes:
        vpc_id: the VPC.
        subnet_ids: public ones for ``internet-facing``.
        ports: of its listeners, by TCP or TLS.
        udp_ports: of those by UDP; one for both stands in ``ports`` too.
        ingress: who may connect to these.
        egress: what it reaches: the tasks on their ports, and nothing else.
        scheme: ``internet-facing`` or ``internal``; a change replaces the balancer.
        deletion_protection: whether a delete is refused (trap 44).
        ip_address_type: ``dualstack`` needs subnets with IPv6, and has no listener by UDP: that
            would need tasks with IPv6 addresses alone.
        cross_zone: whether each zone's address reaches the tasks of all zones. AWS's own is no:
            a zone whose only task is busy or gone would leave its share of the clients alone.

        log_bucket: takes a line for each TLS connection; its policy has to stand before the
            balancer does (trap 32).

    A security group cannot be added to one that was made without: this one always has one.
    """

    vpc_id: Value[VpcId]
    subnet_ids: Value[list[SubnetId]]
    ports: tuple[int, ...]
    ingress: tuple[Peer, ...]
    egress: tuple[Rule, ...]
    scheme: Scheme = "internet-facing"
    deletion_protection: Value[bool] = True
    ip_address_type: Value[Literal["ipv4", "dualstack"]] = "ipv4"
    cross_zone: bool = True
    log_bucket: Value[BucketName] | LogBucket | None = None
    udp_ports: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.udp_ports and known(self.ip_address_type) != ("ipv4",):
            raise BlockError(
                "a listener by UDP on a load balancer that may be dualstack: its targets would "
                "need IPv6 addresses, and tasks here have IPv4; take ipv4"
            )

    def build(self, scope: Scope) -> NetworkBalancerHandle:
        """Add security group and balancer."""
        group = scope.build(
            SecurityGroup(
                description="load balancer: the listeners in, the tasks out",
                vpc_id=self.vpc_id,
                ingress=(
                    *(Rule(port, peer) for port in self.ports for peer in self.ingress),
                    *(Rule(port, peer, "udp") for port in self.udp_ports for peer in self.ingress),
                ),
                egress=self.egress,
            ),
            "LoadBalancer",
        )
        attributes = {
            "deletion_protection.enabled": as_text(self.deletion_protection),
            "load_balancing.cross_zone.enabled": as_text(self.cross_zone),
            **self._logs(),
        }
        balancer = scope.add(
            elb.LoadBalancer(
                scope.id("LoadBalancer"),
                Type="network",
                Scheme=self.scheme,
                IpAddressType=self.ip_address_type,
                Subnets=self.subnet_ids,
                SecurityGroups=[group_id(group)],
                LoadBalancerAttributes=[
                    elb.LoadBalancerAttributes(Key=key, Value=value)
                    for key, value in attributes.items()
                ],
            )
        )
        if self.log_bucket is None:
            suppress(
                balancer,
                "EB502",
                reason="a Network Load Balancer logs TLS connections alone, and to no bucket that "
                "Application Load Balancers write to",
            )
        elif not isinstance(self.log_bucket, (str, Token)):
            balancer.DependsOn = [self.log_bucket.policy.title]
        return NetworkBalancerHandle(resource=balancer, security_group=group)

    def _logs(self) -> dict[str, Value[str]]:
        """Off is said to be off: ELB keeps an attribute that it is told nothing of (trap 9)."""
        bucket = self.log_bucket
        if bucket is None:
            return {"access_logs.s3.enabled": "false"}
        return {
            "access_logs.s3.enabled": "true",
            "access_logs.s3.bucket": bucket if isinstance(bucket, (str, Token)) else bucket.name,
            "access_logs.s3.prefix": STACK_NAME,
        }


class NetworkListener(Struct, frozen=True, kw_only=True):
    """One port of a Network Load Balancer, and the target group behind it.

    Attributes:
        balancer: whose port it is.
        listener: ``Tcp(5432)``, ``Tls(port=443, certificate_arn=…)``, ``Udp(514)``.
        target_group: where connections go.
    """

    balancer: NetworkBalancerHandle
    listener: AnyListener
    target_group: Any

    def build(self, scope: Scope) -> Any:
        """Add the listener, and return it (``troposphere.elasticloadbalancingv2.Listener``)."""
        listener = scope.add(
            elb.Listener(
                scope.id(f"Listener{self.listener.port}"),
                LoadBalancerArn=ref(self.balancer.resource.title),
                **self.listener.properties(),
                DefaultActions=[
                    elb.Action(Type="forward", TargetGroupArn=ref(self.target_group.title))
                ],
            )
        )
        scope.build(
            ListenerCertificates(
                listener_arn=ref(listener.title), certificates=self.listener.more()
            ),
            f"Port{self.listener.port}",
        )
        return listener
