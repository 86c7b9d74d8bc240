"""A group whose sizes contradict each other is refused by Auto Scaling.

``MinSize`` must not be above ``MaxSize``, and ``DesiredCapacity``, where it is written, lies
between the two. With values from one file per environment it takes one environment to break it.

Leave ``DesiredCapacity`` out where a capacity provider scales the group: a deploy would reset it.

Source: Amazon EC2 Auto Scaling API Reference, CreateAutoScalingGroup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import number

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    least, most = number(group.get("MinSize")), number(group.get("MaxSize"))
    if least is None or most is None:
        return
    if most < least:
        yield Fault("MaxSize", f"MaxSize {most:g} is below MinSize {least:g}")
        return
    desired = number(group.get("DesiredCapacity"))
    if desired is not None and not least <= desired <= most:
        yield Fault("DesiredCapacity", f"{desired:g} is not between {least:g} and {most:g}")


CHECK = Check(
    id="EB114",
    title="Auto Scaling group sizes contradict each other",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    severity=Severity.ERROR,
    fix="make MinSize, DesiredCapacity and MaxSize rise in that order",
    judge=_judge,
)
