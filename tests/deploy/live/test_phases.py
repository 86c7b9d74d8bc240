"""Which part of an operation took the time."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from ecs_blocks.deploy.cloudformation.events import STACK, Event
from ecs_blocks.deploy.live.phases import phases

SERVICE = "AWS::ECS::Service"


def event(at_s: int, logical_id: str, status: str, **given: Any) -> Event:
    """An event so many seconds after noon; of the stack itself where *logical_id* is empty."""
    return Event(
        event_id=f"{at_s}-{logical_id}-{status}",
        stack_id="stack",
        logical_id=logical_id or "hoge-prod",
        physical_id=logical_id or "stack",
        type=SERVICE if logical_id else STACK,
        status=status,
        reason="",
        token="",
        at=f"2026-11-23T12:{at_s // 60:02}:{at_s % 60:02}Z",
        **given,
    )


BEGAN = event(0, "", "UPDATE_IN_PROGRESS")
CLEANING = event(300, "", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
DONE = event(400, "", "UPDATE_COMPLETE")


def took(name: str, begin_s: int, end_s: int, kind: str = "UPDATE", **given: Any) -> list[Event]:
    return [
        event(begin_s, name, f"{kind}_IN_PROGRESS", **given),
        event(begin_s, name, f"{kind}_IN_PROGRESS", **given),
        event(end_s, name, f"{kind}_COMPLETE", **given),
    ]


TABLE = [
    ([], ""),
    ([BEGAN], ""),
    ([BEGAN, DONE], "in 6m40s"),
    (
        [BEGAN, *took("Web", 10, 280), *took("Task", 5, 9), CLEANING, DONE],
        "in 6m40s: Web 4m30s, the clean-up 1m40s",
    ),
    (
        [BEGAN, *took("A", 0, 50), *took("B", 0, 60), *took("C", 0, 70), *took("D", 0, 80), DONE],
        "in 6m40s: D 1m20s, C 1m10s, B 1m00s",
    ),
    ([BEGAN, *took("Web", 0, 100, path=("Inner",)), DONE], "in 6m40s: Inner/Web 1m40s"),
    # deleted in the clean-up, asked by a hook, not at its end
    ([BEGAN, CLEANING, *took("Old", 300, 390, "DELETE"), DONE], "in 6m40s: the clean-up 1m40s"),
    ([BEGAN, *took("Web", 0, 300, hook="Company::Rule PASS"), DONE], "in 6m40s"),
    ([BEGAN, event(1, "Web", "UPDATE_IN_PROGRESS"), DONE], "in 6m40s"),
    # an event without its time
    ([BEGAN, structs.replace(DONE, at="")], ""),
]


@pytest.mark.parametrize(("events", "told"), TABLE)
def test_what_took_the_time(events: list[Event], told: str) -> None:
    assert phases(events) == told
