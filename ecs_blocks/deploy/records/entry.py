"""One line in the list of deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.deploy.records.failure import Failure

if TYPE_CHECKING:
    from ecs_blocks.deploy.records.record import Record


class Entry(Struct, frozen=True, kw_only=True):
    """A deploy in the list. ``number`` 1 is the newest; the fields are a record's.

    Where a record cannot be read, ``problem`` says why, and nothing else is known of it.
    """

    number: int
    id: str
    when: str = ""
    who: str = ""
    commit: str | None = None
    dirty: bool | None = None
    branch: str | None = None
    exit_code: int = 0
    result: str = ""
    verified: bool = False
    duration_s: float = 0
    root_cause: str = ""
    images: dict[str, str] = {}
    content: str = ""
    problem: str = ""
    stack_took: bool | None = None
    failures: tuple[Failure, ...] = ()
    back_to: str = ""

    @classmethod
    def of(cls, number: int, record: Record) -> Entry:
        """The line of *record*."""
        return cls(
            number=number,
            id=record.id,
            when=record.when,
            who=record.who,
            commit=record.commit,
            dirty=record.dirty,
            branch=record.branch,
            exit_code=record.exit_code,
            result=record.result,
            verified=record.verified,
            duration_s=record.duration_s,
            root_cause=record.root_cause,
            images=record.images,
            content=record.content,
            stack_took=record.stack_took,
            failures=record.failures,
            back_to=record.back_to,
        )

    @classmethod
    def unreadable(cls, number: int, entry_id: str, problem: str) -> Entry:
        """The line of a record that cannot be read."""
        return cls(number=number, id=entry_id, problem=problem)
