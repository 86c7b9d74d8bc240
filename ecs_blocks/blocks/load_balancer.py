"""An Application Load Balancer of one service's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.security_group import ANYWHERE, Group, Peer, Rule, SecurityGroup, group_id
from ecs_blocks.blocks.target_group import Scheme
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

SSL_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.2 and 1.3 with forward secrecy and post-quantum key exchange.

Source: Elastic Load Balancing User Guide, "Security policies for your Application Load Balancer".
"""

_LISTENER_ATTRIBUTES: Final = {
    "routing.http.response.server.enabled": "false",
    "routing.http.response.strict_transport_security.header_value": "max-age=31536000",
    "routing.http.response.x_content_type_options.header_value": "nosniff",
}


class BalancerHandle(Struct, frozen=True, kw_only=True):
    """What a balancer offers: its resources, and tokens for DNS and alarms."""

    resource: Any
    security_group: Any
    http_listener: Any
    https_listener: Any

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
        """The metric dimension ``LoadBalancer``: ``app/name/id``, not the ARN."""
        return get_att(self.resource, "LoadBalancerFullName")

    @property
    def group(self) -> Group:
        """Its security group, as the peer of a rule."""
        return Group(group_id(self.security_group), "the load balancer")


class LoadBalancer(Struct, frozen=True, kw_only=True):
    """A load balancer that speaks HTTPS, redirects HTTP, and answers 404 where no rule fits.

    Attributes:
        vpc_id: the VPC.
        subnet_ids: at least two, in different zones; public ones for ``internet-facing``.
        certificate_arn: issued, and for the domain.
        targets: the security group of the tasks; the balancer reaches nothing else.
        port: of the tasks.
        access_log_bucket: takes access and connection logs; its policy has to stand before the
            balancer does (trap 32), so it belongs to another stack.
        scheme: ``internet-facing`` or ``internal``; a change replaces the balancer.
        ingress: who may connect.
        deletion_protection: whether a delete is refused (trap 44).
        ip_address_type: ``dualstack`` needs subnets with IPv6.
        ssl_policy: the TLS policy of the HTTPS listener.
        idle_timeout_s: after this long without a byte a connection is closed.
    """

    vpc_id: Value[VpcId]
    subnet_ids: Value[list[SubnetId]]
    certificate_arn: Value[CertificateArn]
    targets: Group
    port: int
    access_log_bucket: Value[BucketName]
    scheme: Scheme = "internet-facing"
    ingress: tuple[Peer, ...] = ANYWHERE
    deletion_protection: Value[bool] = True
    ip_address_type: Value[Literal["ipv4", "dualstack"]] = "ipv4"
    ssl_policy: str = SSL_POLICY
    idle_timeout_s: int = 60

    def build(self, scope: Scope) -> BalancerHandle:
        """Add security group, balancer and both listeners."""
        group = scope.build(
            SecurityGroup(
                description="load balancer: HTTP and HTTPS in, the tasks out",
                vpc_id=self.vpc_id,
                ingress=tuple(Rule(port, peer) for port in (443, 80) for peer in self.ingress),
                egress=(Rule(self.port, self.targets),),
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
        return BalancerHandle(
            resource=balancer,
            security_group=group,
            http_listener=scope.add(_redirect(scope.id("HttpListener"), balancer)),
            https_listener=scope.add(self._https(scope.id("HttpsListener"), balancer)),
        )

    def _attributes(self) -> dict[str, Value[str]]:
        return {
            "deletion_protection.enabled": as_text(self.deletion_protection),
            "idle_timeout.timeout_seconds": str(self.idle_timeout_s),
            "routing.http.drop_invalid_header_fields.enabled": "true",
            "routing.http.desync_mitigation_mode": "defensive",
            "access_logs.s3.enabled": "true",
            "access_logs.s3.bucket": self.access_log_bucket,
            "access_logs.s3.prefix": STACK_NAME,
            "connection_logs.s3.enabled": "true",
            "connection_logs.s3.bucket": self.access_log_bucket,
            "connection_logs.s3.prefix": STACK_NAME,
        }

    def _https(self, title: str, balancer: Any) -> Any:
        return elb.Listener(
            title,
            LoadBalancerArn=ref(balancer.title),
            Port=443,
            Protocol="HTTPS",
            SslPolicy=self.ssl_policy,
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


def forward_host(scope: Scope, listener: Any, host: Value[str], target_group: Any) -> Any:
    """Send what asks for *host* to *target_group*. Returns the listener rule."""
    return scope.add(
        elb.ListenerRule(
            scope.id("ListenerRule"),
            ListenerArn=ref(listener.title),
            Priority=1,
            Conditions=[
                elb.Condition(
                    Field="host-header", HostHeaderConfig=elb.HostHeaderConfig(Values=[host])
                )
            ],
            Actions=[
                elb.ListenerRuleAction(Type="forward", TargetGroupArn=ref(target_group.title))
            ],
        )
    )
