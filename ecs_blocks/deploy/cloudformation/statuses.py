"""Every status that a stack can have, and what a deploy does there.

A status that is not in the table, as AWS may add one, is waited for when it ends in _IN_PROGRESS;
otherwise nothing is written.
"""

from __future__ import annotations

import enum
from typing import Final

from msgspec import Struct


class Way(enum.Enum):
    """What a deploy does with a stack in some status."""

    CREATE = "create"
    UPDATE = "update"
    WAIT = "wait"
    REPLACE = "replace"
    """Delete what a failed creation left, which holds nothing, then create: after approval."""
    STOP = "stop"
    """A person decides."""


class Result(enum.Enum):
    """What a status says of the operation that led to it."""

    RUNNING = "running"
    DONE = "done"
    ROLLED_BACK = "rolled back"
    STUCK = "stuck"
    GONE = "gone"


class Row(Struct, frozen=True):
    """``advice`` is said where a deploy stops, or before it goes on.

    ``{recover}`` in it stands for that verb's command: ``Place.advice`` puts it in.
    """

    way: Way
    result: Result
    advice: str = ""


_CREATION_FAILED: Final = (
    "creation failed, and what was made was kept for a look; roll it back with `{recover}`, which "
    "deletes it, or delete it with `{delete}`"
)
_ROW: Final = {
    "REVIEW_IN_PROGRESS": Row(Way.CREATE, Result.RUNNING),
    "CREATE_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING),
    "CREATE_FAILED": Row(Way.STOP, Result.STUCK, _CREATION_FAILED),
    "CREATE_COMPLETE": Row(Way.UPDATE, Result.DONE),
    "ROLLBACK_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING),
    "ROLLBACK_COMPLETE": Row(
        Way.REPLACE,
        Result.ROLLED_BACK,
        "an earlier creation failed; the stack holds nothing, and is deleted and made again",
    ),
    "ROLLBACK_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "creation and its rollback both failed; look at what is left with `{status}`, then "
        "`{delete}`",
    ),
    "DELETE_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING),
    "DELETE_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "a deletion stopped half-way; finish it with `{delete}`, then deploy again",
    ),
    "DELETE_COMPLETE": Row(Way.CREATE, Result.GONE),
    "UPDATE_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING),
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": Row(Way.WAIT, Result.DONE),
    "UPDATE_COMPLETE": Row(Way.UPDATE, Result.DONE),
    "UPDATE_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "an update failed and was not rolled back; go back with `{recover}`",
    ),
    "UPDATE_ROLLBACK_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING),
    "UPDATE_ROLLBACK_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "the rollback is stuck; see why with `{status}`, mend it, then `{recover}`",
    ),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": Row(Way.WAIT, Result.ROLLED_BACK),
    "UPDATE_ROLLBACK_COMPLETE": Row(
        Way.UPDATE, Result.ROLLED_BACK, "the deploy before this one was rolled back"
    ),
    "IMPORT_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING),
    "IMPORT_COMPLETE": Row(Way.UPDATE, Result.DONE),
    "IMPORT_ROLLBACK_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING),
    "IMPORT_ROLLBACK_FAILED": Row(
        Way.STOP, Result.STUCK, "an import and its rollback failed; only the console can end this"
    ),
    "IMPORT_ROLLBACK_COMPLETE": Row(Way.UPDATE, Result.ROLLED_BACK),
}
STATUSES: Final = tuple(_ROW)
"""All that AWS documents. Source: API reference, Stack, StackStatus."""


def row_of(status: str) -> Row:
    """What to do at *status*."""
    known = _ROW.get(status)
    if known is not None:
        return known
    if status.endswith("_IN_PROGRESS"):
        return Row(Way.WAIT, Result.RUNNING)
    return Row(Way.STOP, Result.STUCK, f"{status} is new to this version of ecs_blocks; upgrade it")


def is_over(status: str) -> bool:
    """Whether nothing moves any more."""
    return not status.endswith("_IN_PROGRESS")
