"""A pair of sides becomes a review of the stack, and all of them one review."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.review import digest, exports
from ecs_blocks.review.changes import compared
from ecs_blocks.review.difference.causes import changed_parameters
from ecs_blocks.review.headroom import headroom
from ecs_blocks.review.impact import consequences, headline
from ecs_blocks.review.impact.drift import drift_facts, drift_unknowns
from ecs_blocks.review.impact.questions import questions
from ecs_blocks.review.impact.running import running_facts
from ecs_blocks.review.impact.secret_reading import unknown_readings
from ecs_blocks.review.impact.subject import subject_of
from ecs_blocks.review.live import Live
from ecs_blocks.review.model import VERSION, WEIGHTS, Review, StackReview, Status
from ecs_blocks.review.moved import elsewhere, left_behind
from ecs_blocks.review.reversal import story
from ecs_blocks.review.unknowns import unknowns
from ecs_blocks.templates.shares import shared_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.review.changes import Compared
    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import Consequence, ParameterChange
    from ecs_blocks.review.side import Pair


def review_pairs(pairs: Iterable[Pair], base: str, head: str) -> Review:
    """The review of every stack; *base* and *head* name the two sides as a person would."""
    work = shared_out(review_pair, tuple(pairs), called=_called, done="reviewed")
    with closing(work) as judged:
        stacks = tuple(judged)
    return Review(
        version=VERSION, base=base, head=head, stacks=stacks, digest=digest.of_stacks(stacks)
    )


def review_pair(pair: Pair) -> StackReview:
    """The review of one stack. A stack that is gone is told, and not taken apart: it stays."""
    if pair.before and pair.after and (moved := elsewhere(pair.before, pair.after)):
        fresh = review_pair(structs.replace(pair, before=None))
        return structs.replace(
            fresh,
            headline=moved.text,
            consequences=(moved, *fresh.consequences),
            digest=digest.of_pair(pair),
        )
    side = pair.after or pair.before
    name = side.stack_name if side is not None else ""
    if pair.after is None:
        subject = subject_of(pair, ())
        return StackReview(
            app=pair.app,
            environment=pair.environment,
            stack_name=name,
            status=Status.GONE,
            headline=headline(subject, ()),
            consequences=(left_behind(name),),
            digest=digest.of_pair(pair),
        )
    found = compared(pair.before, pair.after)
    parameters = changed_parameters(pair.before, pair.after)
    subject = subject_of(pair, found.resources)
    live = pair.live or Live()
    own = (*consequences(subject), *exports.told(found.outputs, subject))
    told = by_weight(_blocked_first((*own, *live.consequences)))
    status = _status(pair, found, parameters)
    return StackReview(
        app=pair.app,
        environment=pair.environment,
        stack_name=name,
        status=status,
        headline=headline(subject, told),
        consequences=told,
        changes=subject.changes,
        parameters=parameters,
        outputs=found.outputs,
        rollback=story(subject) if status is Status.CHANGED else None,
        headroom=(*headroom(pair), *live.headroom),
        unknowns=(*unknowns(found.after, found.resources), *_questions(subject), *live.unknowns),
        facts=(*running_facts(subject), *drift_facts(subject), *live.facts),
        digest=digest.of_pair(pair),
    )


def _questions(subject: Subject) -> Iterator[str]:
    """What neither side can answer."""
    yield from unknown_readings(subject)
    yield from questions(subject)
    yield from drift_unknowns(subject)


def _blocked_first(found: tuple[Consequence, ...]) -> tuple[Consequence, ...]:
    """What cannot be done at all is read before what it would lead to."""
    return tuple(sorted(found, key=lambda one: one.kind != "blocked"))


def by_weight(found: tuple[Consequence, ...]) -> tuple[Consequence, ...]:
    """The weightiest first; otherwise in the order in which they were told."""
    return tuple(sorted(found, key=lambda one: WEIGHTS.index(one.weight)))


def _called(pair: Pair) -> str:
    return f"{pair.app}/{pair.environment}"


def _status(pair: Pair, found: Compared, parameters: tuple[ParameterChange, ...]) -> Status:
    if pair.before is None:
        return Status.NEW
    tags = pair.after is not None and dict(pair.before.tags) != dict(pair.after.tags)
    differs = found.resources or found.outputs or parameters or tags
    return Status.CHANGED if differs else Status.UNCHANGED
