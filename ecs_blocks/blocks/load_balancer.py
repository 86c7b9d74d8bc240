"""An Application Load Balancer: of one service's own, or what a shared one is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.balancer import Balancer
from ecs_blocks.blocks.balancer_options import BalancerOptions
from ecs_blocks.blocks.listener_certificates import ListenerCertificates
from ecs_blocks.blocks.security_group import ANYWHERE, Group, Peer, Rule, SecurityGroup, group_id
from ecs_blocks.blocks.target_group import Scheme
from ecs_blocks.errors import BlockError
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
    ref,
)

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

MIN_SUBNETS: Final = 2

_LISTENER_ATTRIBUTES: Final = {
    "routing.http.response.server.enabled": "false",
    "routing.http.response.strict_transport_security.header_value": "max-age=31536000",
    "routing.http.response.x_content_type_options.header_value": "nosniff",
}


class LogBucket(Protocol):
    """A bucket of the same stack that takes a balancer's logs: ``BucketHandle``."""

    @property
    def name(self) -> Token[BucketName]:
        """The bucket's name."""
        ...

    @property
    def policy(self) -> Any:
        """What lets the balancer write."""
        ...


class BalancerHandle(Balancer, frozen=True, kw_only=True):
    """A balancer of this stack: its resources, and what others need to know of it."""

    resource: Any
    security_group: Any
    http_listener: Any
    https_listener: Any


class LoadBalancer(Struct, frozen=True, kw_only=True):
    """A load balancer that speaks HTTPS, redirects HTTP, and answers 404 where no rule fits.

    Attributes:
        vpc_id: the VPC.
        subnet_ids: at least two, in different zones; public ones for ``internet-facing``.
        certificate_arn: issued, and for the domain.
        egress: what it reaches: the tasks on their ports, and nothing else (trap 39).
        access_log_bucket: takes access and connection logs; its policy has to stand before the
            balancer does (trap 32): a bucket of another stack by name, or one of this by handle.
        scheme: ``internet-facing`` or ``internal``; a change replaces the balancer.
        ingress: who may connect.
        deletion_protection: whether a delete is refused (trap 44).
        ip_address_type: ``dualstack`` needs subnets with IPv6.
        options: how it works: time-outs, TLS, HTTP/2.
        certificates: more of them, for other names; at most 25.
    """

    vpc_id: Value[VpcId]
    subnet_ids: Value[list[SubnetId]]
    certificate_arn: Value[CertificateArn]
    egress: tuple[Rule, ...]
    access_log_bucket: Value[BucketName] | LogBucket
    scheme: Scheme = "internet-facing"
    ingress: tuple[Peer, ...] = ANYWHERE
    deletion_protection: Value[bool] = True
    ip_address_type: Value[Literal["ipv4", "dualstack"]] = "ipv4"
    options: BalancerOptions = BalancerOptions()
    certificates: tuple[Value[CertificateArn], ...] = ()

    def __post_init__(self) -> None:
        subnets = self.subnet_ids
        if not isinstance(subnets, Token) and len(subnets) < MIN_SUBNETS:
            raise BlockError(
                f"a load balancer in {len(subnets)} subnets; it needs two, in different zones"
            )

    def build(self, scope: Scope) -> BalancerHandle:
        """Add security group, balancer and both listeners."""
        group = scope.build(
            SecurityGroup(
                description="load balancer: HTTP and HTTPS in, the tasks out",
                vpc_id=self.vpc_id,
                ingress=tuple(Rule(port, peer) for port in (443, 80) for peer in self.ingress),
                egress=self.egress,
            ),
            "LoadBalancer",
        )
        balancer = scope.add(
            elb.LoadBalancer(
                scope.id("LoadBalancer"),
                Type="application",
                Scheme=self.scheme,
                IpAddressType=self.ip_address_type,
                Subnets=self.subnet_ids,
                SecurityGroups=[group_id(group)],
                LoadBalancerAttributes=[
                    elb.LoadBalancerAttributes(Key=key, Value=value)
                    for key, value in self._attributes().items()
                ],
            )
        )
        if not isinstance(self.access_log_bucket, (str, Token)):
            balancer.DependsOn = [self.access_log_bucket.policy.title]
        http = scope.add(_redirect(scope.id("HttpListener"), balancer))
        https = scope.add(self._https(scope.id("HttpsListener"), balancer))
        scope.build(
            ListenerCertificates(listener_arn=ref(https.title), certificates=self.certificates)
        )
        return BalancerHandle(
            resource=balancer,
            security_group=group,
            http_listener=http,
            https_listener=https,
            listener_arn=ref(https.title),
            dns_name=get_att(balancer, "DNSName"),
            zone_id=get_att(balancer, "CanonicalHostedZoneID"),
            full_name=get_att(balancer, "LoadBalancerFullName"),
            group=Group(group_id(group), "the load balancer"),
        )

    def _attributes(self) -> dict[str, Value[str]]:
        bucket = self.access_log_bucket
        name = bucket if isinstance(bucket, (str, Token)) else bucket.name
        return {
            "deletion_protection.enabled": as_text(self.deletion_protection),
            **self.options.attributes(),
            "access_logs.s3.enabled": "true",
            "access_logs.s3.bucket": name,
            "access_logs.s3.prefix": STACK_NAME,
            "connection_logs.s3.enabled": "true",
            "connection_logs.s3.bucket": name,
            "connection_logs.s3.prefix": STACK_NAME,
        }

    def _https(self, title: str, balancer: Any) -> Any:
        return elb.Listener(
            title,
            LoadBalancerArn=ref(balancer.title),
            Port=443,
            Protocol="HTTPS",
            SslPolicy=self.options.ssl_policy,
            Certificates=[elb.Certificate(CertificateArn=self.certificate_arn)],
            DefaultActions=[
                elb.Action(
                    Type="fixed-response",
                    FixedResponseConfig=elb.FixedResponseConfig(
                        StatusCode="404", ContentType="text/plain", MessageBody="not found"
                    ),
                )
            ],
            ListenerAttributes=[
                elb.ListenerAttribute(Key=key, Value=value)
                for key, value in _LISTENER_ATTRIBUTES.items()
            ],
        )


def _redirect(title: str, balancer: Any) -> Any:
    return elb.Listener(
        title,
        LoadBalancerArn=ref(balancer.title),
        Port=80,
        Protocol="HTTP",
        DefaultActions=[
            elb.Action(
                Type="redirect",
                RedirectConfig=elb.RedirectConfig(
                    Protocol="HTTPS", Port="443", StatusCode="HTTP_301"
                ),
            )
        ],
    )
