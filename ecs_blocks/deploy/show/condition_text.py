"""A stack's condition in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.show.safe_text import clean
from ecs_blocks.deploy.show.words import duration, failure_words, log_of, service_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.deploy.condition import Condition
    from ecs_blocks.deploy.records.entry import Entry

_LOG_LINES: Final = 3
"""Of a failed deploy of before; its record has more."""


def condition_lines(condition: Condition, records: Sequence[Entry]) -> list[str]:
    """The stack first, then its services, what failed, and the last deploys."""
    return [
        line[: len(line) - len(line.lstrip())] + clean(line.lstrip())
        for line in _lines(condition, records)
    ]


def _lines(condition: Condition, records: Sequence[Entry]) -> Iterator[str]:
    stack = condition.stack
    reason = stack.reason.strip(" .")
    yield f"{stack.name}: {stack.status}" + (f" ({reason})" if reason else "")
    yield from (f"  because: {cause}" for cause in condition.causes)
    yield from (
        f"  {one.logical_id} is {one.status}: {one.reason or 'AWS gives no reason'}"
        for one in condition.stuck
    )
    if condition.advice:
        yield f"  {condition.advice}"
    yield from (f"  {key}: {image}" for key, image in condition.images.items())
    for service in condition.services:
        yield f"  {service_words(service)}"
        for failure in service.failures:
            yield f"    {failure_words(failure)}"
            yield from (f"        {line}" for line in log_of(failure))
            if failure.hint:
                yield f"      hint: {failure.hint}"
    yield from (f"  {sentence}" for sentence in condition.scaling)
    if records:
        yield "deploys, newest first:"
    for one in records:
        yield f"  {entry_line(one)}"
        yield from (f"     {line}" for line in failure_lines(one))


def failure_lines(entry: Entry) -> list[str]:
    """Why the first task of a deploy failed, and its container's last lines; else nothing."""
    if not entry.failures:
        return []
    first = entry.failures[0].task
    lines = [f"    {line}" for line in log_of(first)[-_LOG_LINES:]]
    return [clean(failure_words(first, short=True)), *lines]


def entry_line(entry: Entry) -> str:
    """A deploy in one line: its number and id, how it ended, of which commit, by whom."""
    if entry.problem:
        return clean(f"{entry.number}  {entry.id}: {entry.problem}")
    commit = f"{(entry.commit or 'no commit')[:9]}{'+' if entry.dirty else ''}"
    commit += " (rolled back to)" if entry.back_to else ""
    cause = f": {entry.root_cause}" if entry.root_cause else ""
    took = duration(entry.duration_s)
    who = short_who(entry.who)
    return clean(f"{entry.number}  {entry.id}  {entry.result} in {took}  {commit}  {who}{cause}")


def short_who(arn: str) -> str:
    """``deployer/ci`` of an assumed role's or a user's ARN: what tells one from the other."""
    name = arn.rpartition(":")[2]
    return name.partition("/")[2] or name
