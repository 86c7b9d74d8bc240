"""Where a deployment waits for a person.

Sources: Amazon ECS API Reference, DeploymentLifecycleHook (RECONCILE_SERVICE only with another
deployment under way) and DeploymentLifecycleHookTimeoutConfiguration (24 hours, then ROLLBACK).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.parts import as_items, text
from ecs_blocks.review.impact.phrases import listed, minutes, spoken
from ecs_blocks.review.impact.reading import at, finite
from ecs_blocks.review.impact.service_facts import HOOKS, SHIFTS, strategy_of
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.side import Pair

_MINUTES: Final = 1440
_ONLY_SOMETIMES: Final = {
    "RECONCILE_SERVICE": "RECONCILE_SERVICE (only with another deployment under way)"
}


def pauses(service: Resource, pair: Pair) -> Iterator[str]:
    """A sentence for each hook at which the deployments of *service* wait for a person."""
    found = at(service, HOOKS)
    if strategy_of(service) not in SHIFTS or is_intrinsic(found):
        return
    for hook in as_items(found):
        if isinstance(hook, dict) and text(hook.get("TargetType")) == "PAUSE":
            yield _pause(hook, pair)


def _pause(hook: dict[str, Any], pair: Pair) -> str:
    stages = hook.get("LifecycleStages")
    named = [spoken(stages)] if is_intrinsic(stages) else [text(one) for one in as_items(stages)]
    at_stages = listed(_ONLY_SOMETIMES.get(one, one) for one in named)
    given = hook.get("TimeoutConfiguration", {})
    waits = f"it waits at {at_stages} for ecs-blocks continue {pair.app} --env {pair.environment}"
    if not isinstance(given, dict) or is_intrinsic(given) or is_intrinsic(given.get("Action")):
        return waits
    time = minutes(finite(given.get("TimeoutInMinutes", _MINUTES)))
    goes = "goes on" if given.get("Action") == "CONTINUE" else "rolls back"
    return f"{waits}, up to {time}; without an answer it {goes}"
