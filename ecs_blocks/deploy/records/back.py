"""What can be gone back to: versions that are known to have served, older than what runs now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.outcome import Exit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ecs_blocks.deploy.records.entry import Entry

_CHANGED_NOTHING: Final = frozenset(
    {
        *(Exit.INPUT, Exit.CHANGES, Exit.NEEDS_APPROVAL, Exit.ROLLED_BACK),
        *(Exit.BLOCKED, Exit.REJECTED),
    }
)
"""How a deploy ends that leaves the version before, where CloudFormation's own end is not known."""


def can_go_back(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Those of *entries* (newest first) that can be deployed again, each content once.

    The current version is the newest deploy that may have changed what runs. Whatever was verified
    before it can be gone back to, unless it is the same once more.
    """
    seen: set[str] = set()
    current = None
    for entry in entries:
        if entry.problem:
            continue
        served = entry.exit_code == Exit.DONE and entry.verified
        if current is None:
            if not _may_have_changed(entry):
                continue
            current = entry
            seen |= {entry.content} if served else set()
        elif served and entry.content not in seen:
            seen.add(entry.content)
            yield entry


def _may_have_changed(entry: Entry) -> bool:
    """Whether the stack has this content: as CloudFormation says, else as the exit code lets."""
    if entry.stack_took is not None:
        return entry.stack_took
    return entry.exit_code not in _CHANGED_NOTHING
