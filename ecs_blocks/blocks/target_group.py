"""A target group: where a load balancer sends requests, and how it knows who is well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.errors import BlockError
from ecs_blocks.naming import replacement_hash
from ecs_blocks.values import Value, VpcId, as_text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

Scheme = Literal["internet-facing", "internal"]

MAX_INTERVAL_S: Final = 300
_TIMEOUT_S: Final = 5


class TargetGroup(Struct, frozen=True, kw_only=True):
    """A target group for tasks with an address of their own (``ip``).

    Attributes:
        vpc_id: the VPC.
        port: the port that the container listens on.
        scheme: of the load balancer in front; a new balancer needs a new target group (trap 2).
        health_check_path: answers 200 to 299 when the task can serve; with ``GRPC`` it is a
            method, which answers OK.
        deregistration_delay_s: how long a task that leaves may finish its requests; AWS's own
            300 makes every deploy five minutes longer, 0 cuts requests off (trap 26).
        health_check_interval_s: between two questions; each may take five seconds.
        protocol_version: ``HTTP2`` and ``GRPC`` only behind HTTPS.
    """

    vpc_id: Value[VpcId]
    port: int
    scheme: Scheme = "internet-facing"
    health_check_path: str = "/"
    deregistration_delay_s: Value[int] = 60
    health_check_interval_s: int = 15
    protocol_version: Literal["HTTP1", "HTTP2", "GRPC"] = "HTTP1"

    def __post_init__(self) -> None:
        if not _TIMEOUT_S < self.health_check_interval_s <= MAX_INTERVAL_S:
            raise BlockError(
                f"health_check_interval_s is {self.health_check_interval_s}; allowed: "
                f"{_TIMEOUT_S + 1} to {MAX_INTERVAL_S}"
            )
        if not self.health_check_path.startswith("/"):
            raise BlockError(f"health_check_path {self.health_check_path!r} begins with no slash")

    def build(self, scope: Scope) -> Any:
        """Add the group, and return it (a ``troposphere.elasticloadbalancingv2.TargetGroup``).

        Its logical id ends in a hash of what would replace it, so that a replacement is a new
        group beside the old one; without that, the old one would have to move to a second
        load balancer, which ELB refuses.
        """
        inputs = (self.scheme, str(self.port), "HTTP", self.protocol_version, "ip")
        return scope.add(
            elb.TargetGroup(
                scope.id("TargetGroup" + replacement_hash(inputs)),
                VpcId=self.vpc_id,
                TargetType="ip",
                Protocol="HTTP",
                ProtocolVersion=self.protocol_version,
                Port=self.port,
                HealthCheckProtocol="HTTP",
                HealthCheckPort="traffic-port",
                HealthCheckPath=self.health_check_path,
                HealthCheckIntervalSeconds=self.health_check_interval_s,
                HealthCheckTimeoutSeconds=_TIMEOUT_S,
                HealthyThresholdCount=2,
                UnhealthyThresholdCount=3,
                Matcher=elb.Matcher(GrpcCode="0")
                if self.protocol_version == "GRPC"
                else elb.Matcher(HttpCode="200-299"),
                TargetGroupAttributes=[
                    elb.TargetGroupAttribute(
                        Key="deregistration_delay.timeout_seconds",
                        Value=as_text(self.deregistration_delay_s),
                    ),
                    elb.TargetGroupAttribute(Key="stickiness.enabled", Value="false"),
                ],
            )
        )
