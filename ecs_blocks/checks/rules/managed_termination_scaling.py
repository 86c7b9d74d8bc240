"""Managed termination protection does nothing where ECS does not scale the group.

ECS takes the protection off idle instances as part of managed scaling. With ``ManagedScaling``
turned off nobody does, and a protected group never gets smaller.

Set ``ManagedScaling.Status: ENABLED``, or ``ManagedTerminationProtection: DISABLED``.

Source: Amazon ECS API Reference, AutoScalingGroupProvider: "managed scaling must also be used
otherwise managed termination protection doesn't work".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE: Final = "AutoScalingGroupProvider"


def _judge(provider: Resource, _template: Template) -> Iterator[Fault]:
    if provider.get(f"{_BASE}.ManagedTerminationProtection") != "ENABLED":
        return
    path = f"{_BASE}.ManagedScaling.Status"
    if provider.get(path) == "DISABLED":
        yield Fault(path, "without managed scaling nobody takes the protection off idle instances")


CHECK = Check(
    id="EB119",
    title="managed termination protection without managed scaling",
    types=("AWS::ECS::CapacityProvider",),
    severity=Severity.WARNING,
    fix="enable ManagedScaling, or disable ManagedTerminationProtection",
    judge=_judge,
)
