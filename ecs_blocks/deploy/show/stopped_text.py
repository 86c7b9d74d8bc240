"""The history of stopped tasks: in lines, and for a machine."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.ecs.names import printable
from ecs_blocks.deploy.show.safe_text import clean
from ecs_blocks.deploy.show.words import failure_words
from ecs_blocks.deploy.stopped_tasks import End, Kind, alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.stopped_tasks import History, StoppedTask

FORMAT: Final = 1
"""Grows when something in the JSON is renamed, removed or means something else."""
_MOST_REASONS: Final = 50


def stopped_json(history: History) -> dict[str, Any]:
    """Every task by itself, oldest first, in ECS's words where it has some.

    The shape is told in docs/how-to/hear-of-trouble.md.
    """
    return {
        "format": FORMAT,
        "since": _time(history.since),
        "histories": [
            {"logGroup": one.name, "begins": _time(one.begins)} for one in history.groups
        ],
        "leftOut": history.left_out,
        "notes": list(history.notes),
        "tasks": [_task(one) for one in history.tasks],
    }


def _task(one: StoppedTask) -> dict[str, Any]:
    return {
        "stoppedAt": _time(one.at),
        str(one.of.kind): one.of.logical_id,
        "outcome": str(one.end),
        "revision": one.revision,
        "taskId": one.task.task_id,
        "container": printable(one.task.container),
        "exitCode": one.task.exit_code,
        "stopCode": printable(one.code),
        "stoppedReason": one.reason,
        "class": str(one.task.kind),
        "summary": clean(one.task.summary),
        "hint": clean(one.task.hint) if one.end is End.FAILED else "",
        "ranSeconds": one.task.ran_s,
    }


def stopped_lines(history: History, place: Place) -> Iterator[str]:
    """What failed, the newest last, each reason once; then how many ended as they should."""
    failed = alike(one for one in history.tasks if one.end is End.FAILED)
    if not failed:
        told = ", ".join(one.name for one in history.groups)
        yield f"no task failed since {_time(history.since)}, says {told}"
    if len(failed) > _MOST_REASONS:
        yield f"before these, {len(failed) - _MOST_REASONS} more reasons: --json has every task"
    for one in failed[-_MOST_REASONS:]:
        yield clean(f"{_time(one.at)}  {one.of} ({one.revision}): {failure_words(one.task)}")
        if one.task.hint:
            yield f"    hint: {clean(one.task.hint)}"
    of_services = [one for one in failed if one.of.kind is Kind.SERVICE]
    ran = [one.task.task_id for one in of_services if one.task.exit_code is not None]
    if ran:
        yield clean(f"what the last one wrote: {place.command('logs', '--task', ran[-1])}")
    yield from _rest(history)


def _rest(history: History) -> Iterator[str]:
    ends = [one.end for one in history.tasks]
    if well := ends.count(End.WELL):
        yield f"{well} ended well (exit code 0)"
    if unneeded := ends.count(End.UNNEEDED):
        yield f"{unneeded} stopped because ECS needed them no longer: fewer to run, a new version"
    for one in history.groups:
        if one.begins >= history.since:
            yield f"{one.name} begins at {_time(one.begins)}; of what was before nothing is known"
    for note in history.notes:
        yield clean(f"left out: {note}")
    if out := history.left_out:
        are = (
            "1 line of the history is no event" if out == 1 else f"{out} lines of it are no events"
        )
        yield f"left out: {are} of ECS"


def _time(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
