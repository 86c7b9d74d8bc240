"""A task that failed, as a record keeps it: what the screen showed of it, and not too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field, structs

from ecs_blocks.deploy.progress import FailedTask, FailureKind
from ecs_blocks.deploy.show.hiding import without_credentials
from ecs_blocks.deploy.show.safe_text import clean
from ecs_blocks.deploy.show.words import log_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST: Final = 5
"""Failures of one deploy; each stands for all tasks that failed alike."""
MOST_LINES: Final = 20
MOST_CHARACTERS: Final = 500
"""Of a line, and of a reason."""


class Failure(Struct, frozen=True, kw_only=True):
    """A task that stopped and should not have.

    ``kind`` is the word for why it stopped (``exit code``), in JSON under ``class``; ``reason``
    says more. ``log_lines`` are the last ones of ``container``, ``exit_code`` what that ended with,
    and ``same`` how many more tasks failed alike.
    """

    kind: str = field(name="class")
    task_id: str = ""
    container: str = ""
    exit_code: int | None = None
    reason: str = ""
    log_lines: tuple[str, ...] = ()
    same: int = 0

    @property
    def task(self) -> FailedTask:
        """The same as what is shown; what a later version may call it is another failure."""
        known = self.kind in {one.value for one in FailureKind}
        return FailedTask(
            task_id=self.task_id,
            kind=FailureKind(self.kind) if known else FailureKind.OTHER,
            summary=self.reason,
            container=self.container,
            exit_code=self.exit_code,
            log_lines=self.log_lines,
            same=self.same,
        )


def kept(tasks: Iterable[FailedTask], masked: Callable[[str], str]) -> tuple[Failure, ...]:
    """What a record keeps of *tasks*; *masked* gives a text without the secrets that are known.

    It goes first: of a value that looks like a credential in a part, that part would be hidden, and
    the rest not be known for it any more.
    """
    return tuple(
        Failure(
            kind=str(one.kind),
            task_id=one.task_id,
            container=one.container,
            exit_code=one.exit_code,
            reason=without_credentials(masked(clean(one.summary)))[:MOST_CHARACTERS],
            log_lines=tuple(line[:MOST_CHARACTERS] for line in log_of(one, masked)[-MOST_LINES:]),
            same=one.same,
        )
        for one in list(tasks)[:MOST]
    )


def without_texts(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """*failures* where nobody knows which secrets AWS or a container may repeat."""
    return tuple(structs.replace(one, reason="", log_lines=()) for one in failures)
