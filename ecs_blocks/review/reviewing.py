"""Both sides become a review: what is paired is judged, and what cannot be is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from ecs_blocks.review import digest
from ecs_blocks.review.environments import beside_each_other
from ecs_blocks.review.impact.phrases import count
from ecs_blocks.review.judging import review_pairs
from ecs_blocks.review.model import VERSION, Consequence, Review, StackReview, Status, Weight
from ecs_blocks.review.shared_names import with_shared_names
from ecs_blocks.review.side import Pair
from ecs_blocks.review.sources.gathering import pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.errors import Problem
    from ecs_blocks.review.model import EnvironmentsSideBySide
    from ecs_blocks.review.side import Side
    from ecs_blocks.review.sources.snapshot import Snapshot

_ALONE: Final = "nothing to compare: none of the apps has two of these environments"
MAX_PROBLEMS: Final = 10
"""So many problems of a base that cannot be rendered are told."""


def reviewed(
    before: Snapshot, after: Snapshot, environments: frozenset[str] = frozenset()
) -> tuple[Review, tuple[Pair, ...]]:
    """What becomes of every stack in *environments*, or all; and the pairs that were judged."""
    found = pairs(before, after, environments)
    review = review_pairs(found, base=before.name, head=after.name)
    unread = tuple(_unread(before, after, environments))
    judged = (with_shared_names(one, after.environments(one.app)) for one in review.stacks)
    stacks = tuple(sorted((*judged, *unread), key=lambda one: one.app))
    review = structs.replace(
        review,
        stacks=stacks,
        environments=_beside(after, environments),
        notes=(*before.notes, *after.notes, *_gone(before, after), *review.notes),
        digest=digest.of_stacks(stacks),
    )
    return review, found


def compared(after: Snapshot, environments: frozenset[str]) -> Review:
    """The environments of each app beside each other, and nothing else."""
    beside = _beside(after, environments)
    told = {one.app: _wanted(after, one.app, environments) for one in beside}
    return Review(
        version=VERSION,
        base="",
        head=after.name,
        stacks=(),
        environments=beside,
        notes=(*after.notes, *(() if beside else (_ALONE,))),
        digest=digest.of_sides(told),
    )


def _beside(after: Snapshot, only: frozenset[str]) -> tuple[EnvironmentsSideBySide, ...]:
    found = []
    for app in sorted(after.sides):
        sides = _wanted(after, app, only)
        if len(sides) > 1:
            found.append(beside_each_other(app, sides))
    return tuple(found)


def _wanted(after: Snapshot, app: str, only: frozenset[str]) -> dict[str, Side]:
    """*app* in the environments that are asked for."""
    return {k: v for k, v in after.environments(app).items() if not only or k in only}


def _unread(before: Snapshot, after: Snapshot, only: frozenset[str]) -> Iterator[StackReview]:
    """Stacks whose base cannot be rendered: nobody should think them calm."""
    for app, problems in before.broken.items():
        for environment, side in after.environments(app).items():
            if only and environment not in only:
                continue
            pair = Pair(app=app, environment=environment, before=None, after=side)
            yield unread(
                pair,
                f"the base cannot be rendered: {before.name}",
                tuple(_told(problems)),
                "what changes; compare with a base that renders, by --base",
            )


def unread(pair: Pair, why: str, details: tuple[str, ...], unknown: str) -> StackReview:
    """The review of a stack of which nobody knows what it was; nobody should think it calm."""
    head, _, name = why.partition(": ")
    consequence = Consequence(
        kind="unknown",
        weight=Weight.APPROVAL,
        text=f"{head}, so nothing is known of what changes{': ' if name else ''}{name}",
        details=details,
    )
    return StackReview(
        app=pair.app,
        environment=pair.environment,
        stack_name=pair.after.stack_name if pair.after is not None else "",
        status=Status.CHANGED,
        headline=f"{head}; nothing is known of what changes",
        consequences=(consequence,),
        unknowns=(unknown,),
        digest=digest.of_pair(pair),
    )


def _told(problems: tuple[Problem, ...]) -> Iterator[str]:
    yield from (str(one) for one in problems[:MAX_PROBLEMS])
    if len(problems) > MAX_PROBLEMS:
        yield f"and {count(len(problems) - MAX_PROBLEMS, 'more problem')}"


def _gone(before: Snapshot, after: Snapshot) -> Iterator[str]:
    for app in before.broken:
        if app not in after.sides:
            yield f"{app} is on the base only, where it cannot be rendered"
