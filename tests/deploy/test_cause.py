"""The first thing that went wrong, among all that followed from it."""

from __future__ import annotations

import pytest

from ecs_blocks.deploy.cloudformation.cause import cause_of, sentence
from ecs_blocks.deploy.cloudformation.events import STACK, Event, scoped

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/hoge-prod/0a1b"
CANCELLED = "Resource update cancelled"


def event(
    at: int,
    name: str,
    status: str,
    reason: str = "",
    *,
    token: str = "t",
    kind: str = "AWS::ECS::Service",
    path: tuple[str, ...] = (),
) -> Event:
    is_stack = name == "hoge-prod"
    return Event(
        event_id=f"{at}-{name}",
        stack_id=ARN,
        logical_id=name,
        physical_id=ARN if is_stack else f"id-{name}",
        type=STACK if is_stack else kind,
        status=status,
        reason=reason,
        token=token,
        at=f"2026-11-23 01:00:{at:02}+00:00",
        path=path,
    )


def test_one_of_twelve_failures_is_the_cause_where_eleven_were_cancelled() -> None:
    events = [event(n, f"R{n}", "UPDATE_FAILED", CANCELLED) for n in range(11)]
    events.insert(5, event(4, "Service", "UPDATE_FAILED", "the circuit breaker was triggered"))

    cause = cause_of(events)

    assert cause.first is not None
    assert sentence(cause.first) == ("Service: UPDATE_FAILED: the circuit breaker was triggered")
    assert cause.also == ()


def test_the_leaf_of_nested_stacks_is_the_cause_with_its_path() -> None:
    events = [
        event(1, "Bucket", "CREATE_FAILED", "it exists", path=("Outer", "Inner")),
        event(2, "Inner", "CREATE_FAILED", "Embedded stack x failed", kind=STACK, path=("Outer",)),
        event(3, "Outer", "CREATE_FAILED", "Embedded stack y failed", kind=STACK),
    ]

    cause = cause_of(events)

    assert cause.first is not None
    assert sentence(cause.first) == "Outer/Inner/Bucket: CREATE_FAILED: it exists"
    assert cause.also == ()


def test_two_failures_of_their_own_are_both_told_the_earlier_first() -> None:
    events = [
        event(3, "B", "CREATE_FAILED", "second"),
        event(2, "A", "CREATE_FAILED", "first"),
    ]

    cause = cause_of(events)

    assert [e.logical_id for e in (cause.first, *cause.also) if e] == ["A", "B"]


def test_what_a_clean_up_could_not_delete_is_left_behind_and_no_cause() -> None:
    events = [
        event(1, "hoge-prod", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        event(2, "Group", "DELETE_FAILED", "in use by eni-1"),
        event(3, "hoge-prod", "UPDATE_COMPLETE"),
    ]

    cause = cause_of(events)

    assert cause.first is None
    assert [e.logical_id for e in cause.left_behind] == ["Group"]


def test_a_stack_that_fails_without_a_resource_gives_its_own_reason() -> None:
    events = [event(1, "hoge-prod", "UPDATE_ROLLBACK_FAILED", "the role is gone")]

    cause = cause_of(events)

    assert cause.first is not None
    assert cause.first.reason == "the role is gone"


def test_what_succeeded_has_no_cause() -> None:
    assert cause_of([event(1, "A", "CREATE_COMPLETE")]).first is None


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("mine", ["2-hoge-prod", "3-A"]),
        ("theirs", ["4-hoge-prod", "5-A"]),
        (None, ["4-hoge-prod", "5-A"]),
        ("never", []),
    ],
)
def test_an_operation_is_told_by_its_token(token: str | None, expected: list[str]) -> None:
    events = [
        event(1, "A", "CREATE_COMPLETE", token="first"),
        event(2, "hoge-prod", "UPDATE_IN_PROGRESS", token="mine"),
        event(3, "A", "UPDATE_COMPLETE", token="mine"),
        event(4, "hoge-prod", "UPDATE_IN_PROGRESS", token="theirs"),
        event(5, "A", "UPDATE_COMPLETE", token="theirs"),
    ]

    assert [e.event_id for e in scoped(events, token)] == expected


def test_going_back_after_a_cancel_belongs_to_the_operation() -> None:
    """It carries the token of the cancel: glassechidna/stackit#26."""
    events = [
        event(1, "hoge-prod", "UPDATE_IN_PROGRESS", token="mine"),
        event(2, "hoge-prod", "UPDATE_ROLLBACK_IN_PROGRESS", token="cancel"),
        event(3, "hoge-prod", "UPDATE_ROLLBACK_COMPLETE", token="cancel"),
        event(4, "hoge-prod", "UPDATE_IN_PROGRESS", token="theirs"),
    ]

    assert [e.at[-8:-6] for e in scoped(events, "mine")] == ["01", "02", "03"]


def test_where_no_event_has_a_token_the_last_beginning_counts() -> None:
    events = [
        event(1, "hoge-prod", "UPDATE_IN_PROGRESS", token=""),
        event(2, "A", "UPDATE_COMPLETE", token=""),
        event(3, "hoge-prod", "UPDATE_IN_PROGRESS", token=""),
        event(4, "B", "UPDATE_COMPLETE", token=""),
    ]

    assert [e.event_id for e in scoped(events, "mine")] == ["3-hoge-prod", "4-B"]
