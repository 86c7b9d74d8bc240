"""How long a group waits for a new instance to matter should be said, not inherited.

Without ``Cooldown`` a group waits 300 seconds after each simple scaling activity, and without
``DefaultInstanceWarmup`` each policy has a warm-up of its own. An instance that takes part in a
cluster after 90 seconds then delays scaling for five minutes; one that takes six is counted before
it does any work.

Set ``DefaultInstanceWarmup`` (or ``Cooldown``, for simple scaling) to what an instance takes from
launch to its first task.

Source: Amazon EC2 Auto Scaling User Guide, "Set the default instance warmup" and "Scaling
cooldowns".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    if group.raw("Cooldown") is None and group.raw("DefaultInstanceWarmup") is None:
        yield Fault("Cooldown", "the group waits the default of 300 seconds between activities")


CHECK = Check(
    id="EB112",
    title="Auto Scaling group without cooldown or warm-up",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    severity=Severity.INFO,
    fix="set DefaultInstanceWarmup or Cooldown to what an instance takes to be of use",
    judge=_judge,
)
