"""Every status that a stack can have, and what a deploy and a deletion do there.

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


class Removal(enum.Enum):
    """What a deletion does with a stack in some status."""

    DELETE = "delete"
    WAIT = "wait"
    """CloudFormation refuses while this goes on; it ends by itself, then it is deleted."""
    WATCH = "watch"
    """It is being deleted: nothing is left but to see its end."""
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
    """What to do at a status, and what it says.

    ``advice`` is said where a deploy stops, or before it goes on; ``before_removal`` where a
    deletion stops, or before it is agreed to. ``{recover}`` in them stands for that verb's command:
    ``Place.advice`` puts it in.
    """

    way: Way
    result: Result
    advice: str = ""
    removal: Removal = Removal.DELETE
    before_removal: str = ""


_CREATION_FAILED: Final = (
    "creation failed, and what was made was kept for a look; roll it back with `{recover}`, which "
    "deletes it, or delete it with `{delete}`"
)
_NO_REMOVAL: Final = (
    "an update runs, and CloudFormation deletes no stack under it; end it with `{cancel}`, or see "
    "its end with `{attach}`, then delete"
)
_TO_KEEP_IT: Final = "the last update failed; if the stack is to stay, `{recover}` instead"
_ROW: Final = {
    "REVIEW_IN_PROGRESS": Row(Way.CREATE, Result.RUNNING),
    "CREATE_IN_PROGRESS": Row(
        Way.WAIT,
        Result.RUNNING,
        before_removal="it is being created; only a deletion ends that",
    ),
    "CREATE_FAILED": Row(Way.STOP, Result.STUCK, _CREATION_FAILED),
    "CREATE_COMPLETE": Row(Way.UPDATE, Result.DONE),
    "ROLLBACK_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING, removal=Removal.WAIT),
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
    "DELETE_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING, removal=Removal.WATCH),
    "DELETE_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "a deletion stopped half-way; finish it with `{delete}`, then deploy again",
    ),
    "DELETE_COMPLETE": Row(Way.CREATE, Result.GONE, removal=Removal.WATCH),
    "UPDATE_IN_PROGRESS": Row(
        Way.WAIT, Result.RUNNING, removal=Removal.STOP, before_removal=_NO_REMOVAL
    ),
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": Row(Way.WAIT, Result.DONE, removal=Removal.WAIT),
    "UPDATE_COMPLETE": Row(Way.UPDATE, Result.DONE),
    "UPDATE_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "an update failed and was not rolled back; go back with `{recover}`",
        before_removal=_TO_KEEP_IT,
    ),
    "UPDATE_ROLLBACK_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING, removal=Removal.WAIT),
    "UPDATE_ROLLBACK_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "the rollback is stuck; see why with `{status}`, mend it, then `{recover}`",
        before_removal=_TO_KEEP_IT,
    ),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": Row(
        Way.WAIT, Result.ROLLED_BACK, removal=Removal.WAIT
    ),
    "UPDATE_ROLLBACK_COMPLETE": Row(
        Way.UPDATE, Result.ROLLED_BACK, "the deploy before this one was rolled back"
    ),
    "IMPORT_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING, removal=Removal.WAIT),
    "IMPORT_COMPLETE": Row(Way.UPDATE, Result.DONE),
    "IMPORT_ROLLBACK_IN_PROGRESS": Row(Way.WAIT, Result.RUNNING, removal=Removal.WAIT),
    "IMPORT_ROLLBACK_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "an import failed, and so did its rollback: no call goes on from there; ask AWS's support, "
        "or delete the stack with `{delete}`, which takes what it holds along",
        before_removal="an import failed half-way; what it took into the stack is deleted too, "
        "unless it is listed as staying",
    ),
    "IMPORT_ROLLBACK_COMPLETE": Row(
        Way.UPDATE, Result.ROLLED_BACK, "the import before this deploy was rolled back"
    ),
}
_EXPRESS: Final = {
    "CREATE_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "a creation in EXPRESS mode failed, and CloudFormation rolls none of these back; deploy it "
        "in that mode with what made it, or delete it with `{delete}`",
    ),
    "UPDATE_FAILED": Row(
        Way.STOP,
        Result.STUCK,
        "an update in EXPRESS mode failed. CloudFormation does not roll it back, and until one "
        "succeeds takes updates in that mode only, which ecs-blocks does not make; deploy the last "
        "version that worked, in EXPRESS mode, with what made this update, then deploy again",
        before_removal="the last update, in EXPRESS mode, failed; if the stack is to stay, deploy "
        "in that mode the last version that worked, instead",
    ),
}
"""What is otherwise after an operation in EXPRESS mode that failed.

CloudFormation takes neither RollbackStack then, nor an update in another mode.
Source: github.com/aws/aws-cdk-cli, issues 1739 and 1973, which have its own errors.
"""
STATUSES: Final = tuple(_ROW)
"""All that AWS documents. Source: API reference, Stack, StackStatus."""


def row_of(status: str) -> Row:
    """What to do at *status*."""
    known = _ROW.get(status)
    if known is not None:
        return known
    if status.endswith("_IN_PROGRESS"):
        return Row(Way.WAIT, Result.RUNNING, removal=Removal.WAIT)
    new = f"{status} is new to this version of ecs_blocks; upgrade it"
    return Row(Way.STOP, Result.STUCK, new, Removal.STOP, new)


def row_after_express(status: str) -> Row:
    """What to do at *status*, where the last operation was in EXPRESS mode."""
    return _EXPRESS.get(status) or row_of(status)


def is_over(status: str) -> bool:
    """Whether nothing moves any more."""
    return not status.endswith("_IN_PROGRESS")
