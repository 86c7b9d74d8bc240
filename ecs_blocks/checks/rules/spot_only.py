"""A service that runs on Fargate Spot alone can lose all its tasks at once.

When AWS needs the capacity back it takes every task with two minutes' notice, and new ones may not
start for hours; a deploy can wait for capacity as well.

Keep a base on ``FARGATE``, as ``{CapacityProvider: FARGATE, Base: 1, Weight: 1}`` beside
``FARGATE_SPOT``.

Source: Amazon ECS Developer Guide, "Amazon ECS clusters for Fargate".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, number, parts, text
from ecs_blocks.checks.views.tasks import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "CapacityProviderStrategy"


def _judge(service: Resource, _template: Template) -> Iterator[Fault]:
    used = [text(one.get("CapacityProvider")) for one in parts(service, _PLACE) if _is_used(one)]
    if used and all(name == "FARGATE_SPOT" for name in used):
        yield Fault(_PLACE, "every task runs on FARGATE_SPOT, which AWS may take back at once")


def _is_used(item: Part) -> bool:
    """A provider without weight and base gets no task; a strategy of one needs no weight."""
    if text(item.get("CapacityProvider")) == "FARGATE_SPOT":
        return True
    return bool(number(item.get("Weight", 0)) or number(item.get("Base", 0)))


CHECK = Check(
    id="EB414",
    title="service runs on Fargate Spot alone",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="add FARGATE with a Base of 1 to the strategy",
    judge=_judge,
)
