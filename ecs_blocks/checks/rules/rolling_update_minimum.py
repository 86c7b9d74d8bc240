"""A rolling update has to take at least one instance out, or it cannot begin.

CloudFormation replaces the instances of a group in batches, and keeps ``MinInstancesInService`` of
them running. Where that number is not below ``MaxSize`` it refuses the update: the stack can be
created, and the first change of the launch template fails.

Set ``MinInstancesInService`` below ``MaxSize``, in every environment.

Source: AWS CloudFormation Template Reference, UpdatePolicy attribute, AutoScalingRollingUpdate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, lookup
from ecs_blocks.checks.views.parts import number

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH: Final = "UpdatePolicy.AutoScalingRollingUpdate.MinInstancesInService"


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    kept = number(lookup(group.body, _PATH))
    if kept is None:
        return
    most = number(group.get("MaxSize"))
    if most is not None and kept >= most:
        yield Fault(_PATH, f"{kept:g} is not below MaxSize {most:g}; the next update is refused")


CHECK = Check(
    id="EB115",
    title="rolling update that cannot take an instance out",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    severity=Severity.ERROR,
    fix="set MinInstancesInService below MaxSize, or raise MaxSize",
    judge=_judge,
)
