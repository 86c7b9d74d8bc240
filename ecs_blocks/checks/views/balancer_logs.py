"""What the checks of a load balancer's logs have in common: on, and with a bucket to write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Fault, Resource, attributes
from ecs_blocks.checks.views.balancers import is_switched_on

if TYPE_CHECKING:
    from collections.abc import Iterator


def log_faults(balancer: Resource, prefix: str, lost: str) -> Iterator[Fault]:
    """Fault a log (``access_logs.s3``) that is off, or on without a bucket."""
    place = "LoadBalancerAttributes"
    if not is_switched_on(balancer, f"{prefix}.enabled"):
        yield Fault(place, f"{prefix}.enabled is not true: {lost}")
    elif not attributes(balancer, place).get(f"{prefix}.bucket"):
        yield Fault(place, f"{prefix}.enabled is true and {prefix}.bucket is not set")
