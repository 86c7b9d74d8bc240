"""ECS can protect instances that run tasks only in a group that protects its instances.

With ``ManagedTerminationProtection: ENABLED`` ECS takes the protection off an idle instance and
leaves it on a busy one. The group must have put it there: a group without
``NewInstancesProtectedFromScaleIn: true`` is refused when the capacity provider is created.

Set that property on the group; or leave the protection out and rely on ``ManagedDraining``, which
moves tasks away before an instance goes.

Source: Amazon ECS API Reference, AutoScalingGroupProvider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown, is_true

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUP: Final = "AutoScalingGroupProvider.AutoScalingGroupArn"
_PROTECTION: Final = "AutoScalingGroupProvider.ManagedTerminationProtection"


def _judge(provider: Resource, template: Template) -> Iterator[Fault]:
    if provider.get(_PROTECTION) != "ENABLED":
        return
    group = template.target(provider.raw(_GROUP))
    if group is None or group.type != "AWS::AutoScaling::AutoScalingGroup":
        raise Unknown(_GROUP)
    if not is_true(group.get("NewInstancesProtectedFromScaleIn")):
        yield Fault(_PROTECTION, f"{group.id} does not protect new instances from scale-in")


CHECK = Check(
    id="EB116",
    title="managed termination protection over unprotected instances",
    types=("AWS::ECS::CapacityProvider",),
    severity=Severity.ERROR,
    fix="set NewInstancesProtectedFromScaleIn to true on the Auto Scaling group",
    judge=_judge,
)
