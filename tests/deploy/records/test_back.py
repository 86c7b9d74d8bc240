"""What can be gone back to, told by a history in which every deploy is one word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.records.back import Current, can_go_back, current, went_before
from ecs_blocks.deploy.records.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = {
    "served": (Exit.DONE, True),
    "unverified": (Exit.DONE, False),
    "rolled-back": (Exit.ROLLED_BACK, False),
    "refused": (Exit.REJECTED, False),
    "blocked": (Exit.BLOCKED, False),
    "denied": (Exit.CREDENTIALS, False),
    "stuck": (Exit.NEEDS_A_PERSON, False),
    "running": (Exit.STILL_RUNNING, False),
    "interrupted": (Exit.INTERRUPTED, False),
}


def nothing(_entry: Entry) -> list[str]:
    """The stack has what is recorded."""
    return []


def entry(number: int, word: str) -> Entry:
    """``served:A`` is a deploy of the content A."""
    result, _, content = word.partition(":")
    if result == "broken":
        return Entry.unreadable(number, f"id {number}", "this is not a record")
    code, verified = RESULTS[result]
    return Entry(
        number=number, id=f"id {number}", exit_code=code, verified=verified, content=content
    )


def earlier(entries: list[Entry], *, differs: Callable[[Entry], list[str]] = nothing) -> list[int]:
    """The numbers of what can be gone back to."""
    now = current(entries, differs)
    return [one.number for one in can_go_back(entries, None if now.differs else now.entry)]


@pytest.mark.parametrize(
    ("newest_first", "expected"),
    [
        ("", []),
        ("served:A", []),
        ("served:B served:A", [2]),
        ("served:C served:B served:A", [2, 3]),
        # what failed and rolled back is not what runs
        ("rolled-back:C served:B served:A", [3]),
        ("denied:C served:B served:A", [2, 3]),
        ("refused:C blocked:C rolled-back:C served:B served:A", [5]),
        ("rolled-back:A", []),
        # what may have changed something is, whether it is good or not
        ("stuck:C served:B served:A", [2, 3]),
        ("running:C served:B served:A", [2, 3]),
        ("interrupted:C served:B", [2]),
        ("unverified:C served:B", [2]),
        # and the same content may be worth another attempt then
        ("stuck:B served:B served:A", [2, 3]),
        # only what served is offered
        ("served:E unverified:D rolled-back:C stuck:B served:A", [5]),
        # each content once, never the one that runs
        ("served:B served:B served:A", [3]),
        ("served:A served:B served:A served:B", [2]),
        ("served:C served:B served:A served:B served:A", [2, 3]),
        # what cannot be read is neither
        ("broken served:B broken served:A", [4]),
        ("broken", []),
    ],
)
def test_what_can_be_gone_back_to(newest_first: str, expected: list[int]) -> None:
    entries = [entry(number, word) for number, word in enumerate(newest_first.split(), 1)]

    assert earlier(entries) == expected


@pytest.mark.parametrize(
    ("newest_first", "expected"),
    [
        ("served:A served:B served:A", [2]),
        # gone back to A: what served between is what somebody went back from
        ("served:A>3 served:B served:A", []),
        ("served:B>3 served:C served:B served:A", [4]),
        ("served:A>5 served:B>4 served:C served:B served:A served:Z", [6]),
        # a rollback to a rollback
        ("served:A>2 served:A>4 served:B served:A served:Z", [5]),
        # one that was not verified may be tried again
        ("unverified:A>3 served:B served:A served:Z", [3, 4]),
        # and what came after a rollback came after it
        ("served:D served:A>4 served:B served:A", [2, 3]),
        # whose record is gone
        ("served:A>9 served:B served:Z", []),
    ],
)
def test_before_what_was_gone_back_to_is_what_served_before_that(
    newest_first: str, expected: list[int]
) -> None:
    entries = []
    for number, word in enumerate(newest_first.split(), 1):
        plain, _, back_to = word.partition(">")
        origin = f"id {back_to}" if back_to else ""
        entries.append(structs.replace(entry(number, plain), back_to=origin))

    assert [one.number for one in went_before(entries, current(entries, nothing).entry)] == expected


@pytest.mark.parametrize(
    ("code", "took", "expected"),
    [
        (Exit.ROLLED_BACK, True, [2, 3]),
        (Exit.REJECTED, True, [2, 3]),
        (Exit.CREDENTIALS, True, [2, 3]),
        (Exit.ROLLED_BACK, False, [3]),
        (Exit.NEEDS_A_PERSON, False, [3]),
        (Exit.CREDENTIALS, False, [3]),
    ],
)
def test_what_the_stack_has_is_cloudformations_word(
    *, code: Exit, took: bool, expected: list[int]
) -> None:
    newest = Entry(number=1, id="id 1", exit_code=code, content="C", stack_took=took)
    entries = [newest, entry(2, "served:B"), entry(3, "served:A")]

    assert earlier(entries) == expected


@pytest.mark.parametrize(
    ("newest_first", "has", "number", "differs"),
    [
        ("served:B served:A", "B", 1, False),
        # somebody changed it by other means
        ("served:B served:A", "X", 1, True),
        ("served:B served:A", "A", 1, True),
        # a deploy whose end nobody saw is the current one only if the stack has it
        ("running:C served:B served:A", "C", 1, False),
        ("running:C served:B served:A", "B", 2, False),
        ("interrupted:D running:C served:B", "C", 2, False),
        ("running:C served:B served:A", "X", 2, True),
        ("running:C", "B", None, False),
        ("rolled-back:C broken served:B", "B", 3, False),
    ],
)
def test_the_current_one_is_what_the_stack_has(
    newest_first: str, has: str, number: int | None, *, differs: bool
) -> None:
    entries = [entry(number, word) for number, word in enumerate(newest_first.split(), 1)]
    found = current(entries, lambda one: [] if one.content == has else ["its template"])

    assert (found.entry and found.entry.number) == number
    assert bool(found.differs) is differs


def test_where_the_current_one_is_not_known_all_that_served_can_be_gone_back_to() -> None:
    entries = [entry(1, "served:B"), entry(2, "rolled-back:C"), entry(3, "served:A")]

    assert earlier(entries, differs=lambda _one: ["its template"]) == [1, 3]


def test_no_more_is_read_than_is_asked_for() -> None:
    history = iter([entry(1, "served:C"), entry(2, "served:B"), entry(3, "served:A")])

    assert current(history, nothing) == Current(entry(1, "served:C"))
    assert next(can_go_back(history, entry(1, "served:C"))).number == 2
    assert next(history).number == 3
