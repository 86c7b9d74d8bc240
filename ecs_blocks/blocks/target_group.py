"""A target group: where a load balancer sends requests, and how it knows who is well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.limits import check_path, check_port, check_within
from ecs_blocks.blocks.target_options import TargetOptions
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import replacement_hash
from ecs_blocks.values import Value, VpcId, as_text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

Scheme = Literal["internet-facing", "internal"]

MAX_DELAY_S: Final = 3600
MAX_PATH: Final = 1024


class TargetGroup(Struct, frozen=True, kw_only=True):
    """A target group for tasks with an address of their own (``ip``).

    Attributes:
        vpc_id: the VPC.
        port: the port that the container listens on.
        balancer: what tells the load balancer in front from another that would take its place:
            the scheme of a service's own one. A new balancer needs a new target group (trap 2).
        health_check_path: answers 200 to 299 when the task can serve; with ``GRPC`` it is a
            method (``/package.service/method``), which answers OK.
        deregistration_delay_s: how long a task that leaves may finish its requests; AWS's own
            300 makes every deploy five minutes longer, 0 cuts requests off (trap 26).
        options: the protocol version, how often it asks, how it chooses a task.
    """

    vpc_id: Value[VpcId]
    port: int
    balancer: str = "internet-facing"
    health_check_path: str = "/"
    deregistration_delay_s: Value[int] = 60
    options: TargetOptions = TargetOptions()

    def __post_init__(self) -> None:
        path = self.health_check_path
        check_port(self.port)
        check_path("health_check_path", path, MAX_PATH)
        check_within("deregistration_delay_s", self.deregistration_delay_s, 0, MAX_DELAY_S)
        if self.options.protocol_version == "GRPC" and path != "/" and path.count("/") != 2:
            raise BlockError(
                f"health_check_path {path!r} is no method; with GRPC it is one, like "
                "/grpc.health.v1.Health/Check"
            )

    def build(self, scope: Scope) -> Any:
        """Add the group, and return it (a ``troposphere.elasticloadbalancingv2.TargetGroup``).

        Its logical id ends in a hash of what would replace it, so that a replacement is a new
        group beside the old one; without that, the old one would have to move to a second
        load balancer, which ELB refuses.
        """
        options = self.options
        inputs = (self.balancer, str(self.port), "HTTP", options.protocol_version, "ip")
        delay = {"deregistration_delay.timeout_seconds": as_text(self.deregistration_delay_s)}
        return scope.add(
            elb.TargetGroup(
                scope.id("TargetGroup" + replacement_hash(inputs)),
                VpcId=self.vpc_id,
                TargetType="ip",
                Protocol="HTTP",
                ProtocolVersion=options.protocol_version,
                Port=self.port,
                HealthCheckProtocol="HTTP",
                HealthCheckPort="traffic-port",
                HealthCheckPath=self._path(),
                HealthCheckIntervalSeconds=options.health_check_interval_s,
                HealthCheckTimeoutSeconds=options.health_check_timeout_s,
                HealthyThresholdCount=options.healthy_count,
                UnhealthyThresholdCount=options.unhealthy_count,
                Matcher=options.matcher(),
                TargetGroupAttributes=[
                    elb.TargetGroupAttribute(Key=key, Value=value)
                    for key, value in (delay | options.attributes()).items()
                ],
            )
        )

    def _path(self) -> str:
        """A service that speaks gRPC answers on its own method, and on no path."""
        if self.options.protocol_version == "GRPC" and self.health_check_path == "/":
            return "/grpc.health.v1.Health/Check"
        return self.health_check_path
