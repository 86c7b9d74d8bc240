"""Where the time of the last operation went: its slowest resources, and the clean-up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.show.words import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.deploy.cloudformation.events import Event

_SHOWN: Final = 3
_SHARE: Final = 0.1
"""A resource is named from this part of the whole on: less is not what one waits for."""
_CLEANUP: Final = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"


def phases(events: Sequence[Event]) -> str:
    """``in 5m20s: HogeService 4m31s, the clean-up 25s``; empty where the events do not tell.

    *events* are those of one operation, oldest first. Resources may have been made beside each
    other, so these times need not add up.
    """
    own = [one for one in events if one.is_of_stack]
    whole_s = _between(own[0], own[-1]) if own else 0.0
    if not whole_s:
        return ""
    slowest = sorted(_resources(events), key=lambda one: -one[1])[:_SHOWN]
    cleaning = next((one for one in own if one.status == _CLEANUP), None)
    if cleaning is not None:
        slowest.append(("the clean-up", _between(cleaning, own[-1])))
    told = [f"{name} {duration(took)}" for name, took in slowest if took >= whole_s * _SHARE]
    return f"in {duration(whole_s)}{': ' if told else ''}{', '.join(told)}"


def _resources(events: Sequence[Event]) -> Iterator[tuple[str, float]]:
    """How long each resource took, from its first event to the one that made it complete."""
    began: dict[tuple[str, ...], Event] = {}
    for event in events:
        key = (*event.path, event.logical_id)
        if event.is_of_stack or event.hook:
            continue
        first = began.setdefault(key, event)
        # what is deleted afterwards belongs to the clean-up
        if event.status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            yield "/".join(key), _between(first, event)


def _between(first: Event, last: Event) -> float:
    try:
        took = dt.datetime.fromisoformat(last.at) - dt.datetime.fromisoformat(first.at)
    except ValueError:
        return 0.0
    return max(took.total_seconds(), 0.0)
