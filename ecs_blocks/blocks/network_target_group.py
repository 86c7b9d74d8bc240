"""A target group behind a Network Load Balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.limits import check_path, check_port, check_within
from ecs_blocks.blocks.target_group import MAX_DELAY_S, MAX_PATH
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import replacement_hash
from ecs_blocks.values import Value, VpcId, as_text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

TIMEOUT_S: Final = 5
INTERVALS_S: Final = (6, 300)
"""ELB takes an interval of 5 seconds too, but only above the timeout, which is always 5 here."""


class Connects(Struct, frozen=True):
    """A task is well while its port takes connections, by TCP.

    Attributes:
        port: which one; None is the port of the target group itself. For UDP it has to be said: no
            health check goes by UDP.
    """

    port: int | None = None

    def __post_init__(self) -> None:
        if self.port is not None:
            check_port(self.port)

    def properties(self) -> dict[str, Any]:
        """Of the target group."""
        port = "traffic-port" if self.port is None else str(self.port)
        return {"HealthCheckProtocol": "TCP", "HealthCheckPort": port}


class Answers(Struct, frozen=True, kw_only=True):
    """A task is well while it answers a request by HTTP with 200 to 299.

    Attributes:
        path: what is asked for.
        port: where; None is the port of the target group itself. The tasks' security group has to
            let the balancer in there.
    """

    path: str = "/"
    port: int | None = None

    def __post_init__(self) -> None:
        check_path("path", self.path, MAX_PATH)
        if self.port is not None:
            check_port(self.port)

    def properties(self) -> dict[str, Any]:
        """Of the target group."""
        return {
            "HealthCheckProtocol": "HTTP",
            "HealthCheckPort": "traffic-port" if self.port is None else str(self.port),
            "HealthCheckPath": self.path,
            "Matcher": elb.Matcher(HttpCode="200-299"),
        }


class NetworkTargetGroup(Struct, frozen=True, kw_only=True):
    """A target group for connections, to tasks with an address of their own (``ip``).

    Attributes:
        vpc_id: the VPC.
        port: the port that the container listens on.
        balancer: what tells the load balancer in front from another that would take its place:
            its scheme. A new balancer needs a new target group (trap 2).
        check: how a task is known to be well.
        deregistration_delay_s: how long a task that leaves keeps its connections; then they are
            closed, so that none is left on a task that stops (trap 26).
        health_check_interval_s: between two questions, 6 to 300: longer than the five seconds that
            an answer may take.
        client_addresses: whether tasks see the clients' addresses rather than the balancer's; the
            tasks' security group still lets the balancer's group in. By UDP they always do.
        protocol: ``TCP`` also where TLS ends at the balancer, or ``UDP``.
    """

    vpc_id: Value[VpcId]
    port: int
    balancer: str = "internet-facing"
    check: Connects | Answers = Connects()
    deregistration_delay_s: Value[int] = 60
    health_check_interval_s: int = 15
    client_addresses: bool = False
    protocol: Literal["TCP", "UDP"] = "TCP"

    def __post_init__(self) -> None:
        check_port(self.port)
        if self.protocol == "UDP" and self.check.port is None:
            raise BlockError(
                "no health check goes by UDP; give check=eb.Connects(…) or eb.Answers(port=…) a "
                "port of the task that answers by TCP"
            )
        check_within("health_check_interval_s", self.health_check_interval_s, *INTERVALS_S)
        check_within("deregistration_delay_s", self.deregistration_delay_s, 0, MAX_DELAY_S)

    def build(self, scope: Scope) -> Any:
        """Add the group, and return it (a ``troposphere.elasticloadbalancingv2.TargetGroup``)."""
        inputs = (f"network {self.balancer}", str(self.port), self.protocol, "", "ip")
        # by UDP it cannot be turned off, and AWS refuses to be told so
        addresses = self.client_addresses or self.protocol != "TCP"
        attributes = {
            "deregistration_delay.timeout_seconds": as_text(self.deregistration_delay_s),
            "deregistration_delay.connection_termination.enabled": "true",
            "preserve_client_ip.enabled": as_text(addresses),
            "stickiness.enabled": "false",
        }
        return scope.add(
            elb.TargetGroup(
                scope.id("TargetGroup" + replacement_hash(inputs)),
                VpcId=self.vpc_id,
                TargetType="ip",
                Protocol=self.protocol,
                Port=self.port,
                **self.check.properties(),
                HealthCheckIntervalSeconds=self.health_check_interval_s,
                HealthCheckTimeoutSeconds=TIMEOUT_S,
                HealthyThresholdCount=2,
                UnhealthyThresholdCount=3,
                TargetGroupAttributes=[
                    elb.TargetGroupAttribute(Key=key, Value=value)
                    for key, value in attributes.items()
                ],
            )
        )
