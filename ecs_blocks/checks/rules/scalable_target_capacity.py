"""A service cannot scale between five tasks and two.

``MinCapacity`` above ``MaxCapacity`` is refused when the stack is deployed. With values from one
file per environment it takes one environment to break it: raising the minimum in production and
leaving the maximum at its default.

Raise both. Equal, they turn scaling off.

Source: Application Auto Scaling API Reference, RegisterScalableTarget.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import number

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(target: Resource, _template: Template) -> Iterator[Fault]:
    least, most = number(target.get("MinCapacity")), number(target.get("MaxCapacity"))
    if least is not None and least < 0:
        yield Fault("MinCapacity", f"{least:g} is below zero")
    elif least is not None and most is not None and least > most:
        yield Fault("MaxCapacity", f"MaxCapacity {most:g} is below MinCapacity {least:g}")


CHECK = Check(
    id="EB712",
    title="scaling with a minimum above its maximum",
    types=("AWS::ApplicationAutoScaling::ScalableTarget",),
    severity=Severity.ERROR,
    fix="raise MaxCapacity to at least MinCapacity",
    judge=_judge,
)
