"""Without a grace period, a group may replace an instance that is still starting, and again.

In a template the grace period is 0 seconds unless it is written (the console fills in 300): the
first failed health check after launch counts, and the replacement starts just as slowly.

Set ``HealthCheckGracePeriod`` in seconds to more than an instance needs until it is healthy; 300
is a safe start.

Source: Amazon EC2 Auto Scaling API Reference, CreateAutoScalingGroup (default: 0 seconds); User
Guide, "Set the health check grace period".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import number

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "HealthCheckGracePeriod"


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    period = group.get(_PATH)
    if period is None or number(period) == 0:
        yield Fault(_PATH, "a new instance may be replaced before it has started")


CHECK = Check(
    id="EB113",
    title="Auto Scaling group without a grace period",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    severity=Severity.WARNING,
    fix="set HealthCheckGracePeriod to more seconds than an instance takes to be healthy",
    judge=_judge,
)
