"""The last lines of a deploy: the outcome, its first cause, the tasks' own words, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.show.safe_text import clean
from ecs_blocks.deploy.show.words import duration, failure_words, log_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.ending import Outcome
    from ecs_blocks.deploy.progress import FailedTask


def ending_lines(outcome: Outcome) -> list[str]:
    """The end of a deploy in lines; the most important one first."""
    lines = [part for text in _lines(outcome) for part in text.split("\n")]
    return [line[: len(line) - len(line.lstrip())] + clean(line.lstrip()) for line in lines]


def _lines(outcome: Outcome) -> Iterator[str]:
    took = f" ({duration(outcome.elapsed_s)})" if outcome.elapsed_s >= 1 else ""
    yield f"{outcome.headline}: {outcome.sentence}{took}"
    for number, cause in enumerate(outcome.causes):
        yield f"  {'because' if number == 0 else 'also'}: {cause}"
    for failure in outcome.failures:
        yield from _failure(failure)
    for left in outcome.left_behind:
        yield f"  left behind, and no stack knows it any more: {left}"
    for verdict in outcome.verdicts:
        if verdict.serves:
            yield f"  {verdict.sentence}"
    yield from (f"  note: {note}" for note in outcome.notes)
    if outcome.hint:
        yield f"  {outcome.hint}"


def _failure(failure: FailedTask) -> Iterator[str]:
    yield f"  {failure_words(failure)}"
    yield from (f"      {line}" for line in log_of(failure))
    if failure.hint:
        yield f"    hint: {failure.hint}"
    if failure.note:
        yield f"    note: {failure.note}"
