"""A deploy that changes a scalable target, and the bounds that a schedule has set meanwhile.

A scheduled action sets the least and the most of tasks until the next one. CloudFormation updates a
target by one call, which leaves alone what it is not told (Application Auto Scaling API Reference,
RegisterScalableTarget). Whether CloudFormation tells it the bounds too where only something else of
the target changes is not documented; that it does is likely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.tasks import SCALABLE_TARGET
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import figure
from ecs_blocks.review.impact.reading import at, differs, finite
from ecs_blocks.review.impact.service_facts import service_of
from ecs_blocks.review.impact.subject import real
from ecs_blocks.review.model import Weight
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_BOUNDS: Final = ("MinCapacity", "MaxCapacity")


def bounds_set_again(subject: Subject) -> Iterator[Finding]:
    """A finding for each changed target whose bounds a schedule moves."""
    for change, old, new in subject.modified(SCALABLE_TARGET):
        bounds = [finite(at(new, one)) for one in _BOUNDS]
        others = [one for one in _scheduled(old) if one != bounds]
        if not others or not real(change):
            continue
        service = service_of(new, subject.after)
        sure = any(differs(at(old, one), at(new, one)) for one in _BOUNDS)
        span = "its bounds" if None in bounds else f"{_figures(bounds)} as its bounds"
        stops = any(most in (0, None) for _, most in others)
        yield Finding(
            kind="scaling",
            weight=Weight.NOTICE,
            text=(
                f"{new.id if service is None else service.id}: the deploy "
                f"{'sets' if sure else 'very probably sets'} {span}, until the schedule sets others"
                f"{': where the schedule has stopped it, it starts' if stops else ''}"
            ),
            about=(new.id,),
        )


def _scheduled(target: Resource) -> Iterator[list[float | None]]:
    """The bounds of each scheduled action; None where one is not known, or stays as it is."""
    actions = at(target, "ScheduledActions")
    for action in [] if is_intrinsic(actions) else as_items(actions):
        given = action.get("ScalableTargetAction") if isinstance(action, dict) else None
        if isinstance(given, dict):
            yield [finite(given.get(one)) for one in _BOUNDS]


def _figures(bounds: list[float | None]) -> str:
    return " to ".join(figure(one) for one in dict.fromkeys(bounds) if one is not None)
