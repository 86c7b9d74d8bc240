"""On what the tasks of a service run, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.review.impact.phrases import figure, listed, spoken
from ecs_blocks.review.impact.reading import at, finite
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from ecs_blocks.checks.model import Resource

CAPACITY: Final = "CapacityProviderStrategy"


def capacity_of(service: Resource) -> str:
    """``the cluster's default``, or ``2 on FARGATE, then FARGATE and FARGATE_SPOT 1 : 3``.

    What has the weight 0 gets tasks only by its base.
    """
    found = at(service, CAPACITY)
    if is_intrinsic(found):
        return spoken(found)
    items = [one for one in as_items(found) if isinstance(one, dict) and not is_intrinsic(one)]
    if not items:
        launch = at(service, "LaunchType")
        return spoken(launch) if launch is not None else "the cluster's default"
    shares = [(_name(one), _number(one, "Weight"), _number(one, "Base")) for one in items]
    rest = [(name, weight) for name, weight, _ in shares if weight or len(shares) == 1]
    names = listed(name for name, _ in rest) or "nothing"
    weights = " : ".join(figure(weight) for _, weight in rest)
    after = f"{names} {weights}" if len(rest) > 1 else names
    first = [f"{figure(base)} on {name}" for name, _, base in shares if base and len(rest) > 1]
    return f"{listed(first)}, then {after}" if first else after


def _name(item: dict[str, Any]) -> str:
    return spoken(item.get("CapacityProvider"))


def _number(item: dict[str, Any], key: str) -> float:
    """A weight or a base; 0 where nothing is said, as ECS takes it."""
    return finite(text(item.get(key))) or 0
