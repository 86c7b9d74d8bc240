"""What can be gone back to: versions that are known to have served, older than what runs now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.records.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_CHANGED_NOTHING: Final = frozenset(
    {
        *(Exit.INPUT, Exit.CHANGES, Exit.NEEDS_APPROVAL, Exit.ROLLED_BACK),
        *(Exit.BLOCKED, Exit.REJECTED),
    }
)
"""How a deploy ends that leaves the version before, where CloudFormation's own end is not known."""


class Current(Struct, frozen=True):
    """The deploy whose version the stack has; ``entry`` is None where there is none.

    ``differs`` is what the stack has otherwise than the record says, empty where it is the same:
    somebody changed it by other means since.
    """

    entry: Entry | None = None
    differs: tuple[str, ...] = ()


def current(entries: Iterable[Entry], differs: Callable[[Entry], Sequence[str]]) -> Current:
    """The current one of *entries* (newest first); nothing beyond it is read.

    *differs* compares an entry with the stack. A deploy whose end nobody saw is current only where
    the stack has its version.
    """
    for entry in entries:
        if entry.problem or not _may_have_changed(entry):
            continue
        found = tuple(differs(entry))
        if not found or entry.stack_took or _served(entry):
            return Current(entry, found)
    return Current()


def can_go_back(entries: Iterable[Entry], now: Entry | None) -> Iterator[Entry]:
    """Those of *entries* (newest first) that can be deployed again, each content once.

    Whatever was verified before the one that is current *now* can be gone back to, unless it is the
    same once more; where none is, whatever was verified.
    """
    seen = {now.content} if now is not None and _served(now) else set()
    for entry in entries:
        is_older = now is None or entry.number > now.number
        if is_older and not entry.problem and _served(entry) and entry.content not in seen:
            seen.add(entry.content)
            yield entry


def went_before(entries: Iterable[Entry], now: Entry | None) -> Iterator[Entry]:
    """Those of ``can_go_back`` that served before the version that is current *now*, newest first.

    After a rollback that is what served before the version that was gone back to: what served
    between is what somebody went back from. Where the rollback itself was not verified, it may be
    tried once more.
    """
    if now is None or not now.back_to:
        return can_go_back(entries, now)
    return can_go_back(_from_origin(entries, now), now)


def _from_origin(entries: Iterable[Entry], now: Entry) -> Iterator[Entry]:
    """Of *entries* those from the one on whose version *now* deployed again."""
    wanted = now.back_to
    for entry in entries:
        if entry.number <= now.number:
            continue
        is_origin = entry.id == wanted
        if is_origin:
            wanted = entry.back_to  # it may be a rollback itself
        if not wanted and not (is_origin and _served(now)):
            yield entry


def _served(entry: Entry) -> bool:
    return entry.exit_code == Exit.DONE and entry.verified


def _may_have_changed(entry: Entry) -> bool:
    """Whether the stack has this content: as CloudFormation says, else as the exit code lets."""
    if entry.stack_took is not None:
        return entry.stack_took
    return entry.exit_code not in _CHANGED_NOTHING
