"""The history of stopped tasks: in lines, and for a machine."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec

from ecs_blocks.deploy.show.safe_text import clean
from ecs_blocks.deploy.show.words import failure_words
from ecs_blocks.deploy.stopped_tasks import alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.place import Place
    from ecs_blocks.deploy.stopped_tasks import History


def stopped_rows(history: History) -> list[dict[str, Any]]:
    """Every task by itself, oldest first: the fields of ``StoppedTask``."""
    return [{**msgspec.to_builtins(one), "at": _time(one.at)} for one in history.tasks]


def stopped_lines(history: History, place: Place) -> Iterator[str]:
    """What failed, the newest last, each reason once; then how many were only not needed."""
    failed = alike(one for one in history.tasks if not one.was_unneeded)
    if not failed:
        yield f"no task failed since {_time(history.since)}, says {', '.join(history.groups)}"
    for one in failed:
        yield clean(f"{_time(one.at)}  {one.of} ({one.revision}): {failure_words(one.task)}")
        if one.task.hint:
            yield f"    hint: {clean(one.task.hint)}"
    ran = [one.task.task_id for one in failed if one.task.exit_code is not None]
    if ran:
        yield f"what the last one wrote: {place.command('logs', '--task', ran[-1])}"
    unneeded = sum(one.was_unneeded for one in history.tasks)
    if unneeded:
        yield f"{unneeded} stopped because ECS needed them no longer: fewer to run, a new version"


def _time(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
