"""What a load balancer itself does wrong: alarms of its owner, a service or a shared one's stack.

ELB sends both metrics only where they are not zero, so no data is well. Source: Elastic Load
Balancing, Application Load Balancers, "CloudWatch metrics for your Application Load Balancer".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.blocks.alarms import ALB, Alarm, Metric, Notify

if TYPE_CHECKING:
    from ecs_blocks.values import Value


def balancer_errors(
    full_name: Value[str],
    notify: Notify,
    *,
    above: Value[int],
    description: str,
    name: str = "",
) -> Alarm:
    """Answers 5xx that no application gave; *name* sets apart several balancers of a stack."""
    return Alarm(
        suffix=f"{name}BalancerErrors",
        description=description,
        watches=_sum("HTTPCode_ELB_5XX_Count", full_name),
        above=above,
        notify=notify,
        minutes=2,
    )


def rejected_connections(
    full_name: Value[str], notify: Notify, *, above: Value[int], name: str = ""
) -> Alarm:
    """Clients for which it had no room; *name* sets apart several balancers of a stack."""
    return Alarm(
        suffix=f"{name}RejectedConnections",
        description="the load balancer rejects connections: it has as many as it can; a slow "
        "application keeps them open, or there are more clients than ever",
        watches=_sum("RejectedConnectionCount", full_name),
        above=above,
        notify=notify,
        minutes=2,
    )


def _sum(name: str, full_name: Value[str]) -> Metric:
    return Metric(namespace=ALB, name=name, statistic="Sum", dimensions={"LoadBalancer": full_name})
