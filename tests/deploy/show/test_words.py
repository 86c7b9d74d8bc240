"""Plain data in words."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import Session
from msgspec import structs

from ecs_blocks.deploy.progress import FailedTask, FailureKind, Target, Tasks
from ecs_blocks.deploy.show import words
from tests.deploy.show.story import CRASH, CRASHING, GROUP, resource, service, snapshot


def known(service_name: str, shape: str) -> list[str]:
    """What AWS's own model lists."""
    return list(Session().get_service_model(service_name).shape_for(shape).enum)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0s"), (-3, "0s"), (59.9, "59s"), (60, "1m00s"), (252, "4m12s"), (3725, "1h02m")],
)
def test_a_duration_is_short(seconds: float, expected: str) -> None:
    assert words.duration(seconds) == expected


REPLACES = "Requested update requires the creation of a new physical resource; hence creating one."


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        ("CREATE_IN_PROGRESS", "", "⟳ creating"),
        ("CREATE_IN_PROGRESS", "Resource creation Initiated", "⟳ creating"),
        ("CREATE_COMPLETE", "", "✓ created"),
        ("CREATE_FAILED", "no", "✗ could not be created"),
        ("UPDATE_IN_PROGRESS", REPLACES, "⟳ replacing"),
        ("UPDATE_FAILED", "Resource update cancelled", "○ cancelled"),
        ("DELETE_SKIPPED", "", "✓ kept"),
        ("UPDATE_ROLLBACK_COMPLETE", "", "✓ rolled back"),
        ("IMPORT_ROLLBACK_IN_PROGRESS", "", "⟳ rolling back"),
        ("MELTED_COMPLETE", "", "• MELTED_COMPLETE"),
        ("CREATE_SOMEHOW", "", "• CREATE_SOMEHOW"),
    ],
)
def test_a_status_has_a_sign_and_a_word(status: str, reason: str, expected: str) -> None:
    state = words.state_of(status, reason)

    assert f"{state.mark} {state.word}" == expected


@pytest.mark.parametrize("status", known("cloudformation", "ResourceStatus"))
def test_every_status_of_a_resource_is_known(status: str) -> None:
    assert words.state_of(status).mark != "•"


@pytest.mark.parametrize("status", known("ecs", "ServiceDeploymentStatus"))
def test_every_status_of_an_ecs_deployment_is_known(status: str) -> None:
    assert words.service_state(service(rollout=status)).mark != "•"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("", "⟳ starting"),
        ("REVIEW_IN_PROGRESS", "⟳ in review"),
        ("UPDATE_COMPLETE", "✓ updated"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "✓ updated, cleaning up"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "⟳ rolling back"),
        ("UPDATE_ROLLBACK_COMPLETE", "✗ rolled back"),
        ("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "✗ rolled back, cleaning up"),
        ("UPDATE_ROLLBACK_FAILED", "✗ could not be rolled back"),
        ("ROLLBACK_COMPLETE", "✗ rolled back"),
        ("DELETE_COMPLETE", "✓ deleted"),
    ],
)
def test_a_stack_that_was_rolled_back_is_no_success(status: str, expected: str) -> None:
    state = words.stack_state(status)

    assert f"{state.mark} {state.word}" == expected


def test_a_resource_of_a_nested_stack_names_the_way_to_it() -> None:
    one = resource("Vpc", "CREATE_FAILED", "EC2::VPC", path=("Network",), reason="limit")

    assert words.resource_words(one) == "✗ Network/Vpc could not be created (EC2::VPC): limit"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "9/14 resources"),
        ({"planned": 0}, "9 resources"),
        ({"done": 20}, "14/14 resources"),
        ({"status": "UPDATE_ROLLBACK_IN_PROGRESS"}, ""),
    ],
)
def test_progress_is_counted_as_long_as_there_is_some(more: dict[str, Any], expected: str) -> None:
    assert words.progress_words(snapshot(**more)) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target(GROUP, 4, 0), "targets of hoge: 4 healthy"),
        (
            Target("hoge", 0, 1, 2, 3),
            "targets of hoge: 0 healthy · 1 unhealthy · 2 starting · 3 draining",
        ),
        (
            Target("hoge", 0, 1, reason="Target.Timeout"),
            "targets of hoge: 0 healthy · 1 unhealthy (Target.Timeout)",
        ),
    ],
)
def test_targets_are_counted(target: Target, expected: str) -> None:
    assert words.target_words(target) == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("1.dkr.ecr.x.amazonaws.com/hoge:1", "hoge:1"),
        ("1.dkr.ecr.x.amazonaws.com/a/hoge@sha256:0123456789abcdef", "hoge@sha256:01234567"),
        ("", ""),
    ],
)
def test_an_image_is_named_shortly(image: str, expected: str) -> None:
    assert words.short_image(image) == expected


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (CRASH, "task 7f2a9e01b2c3d4e5f60718293a4b5c6d: app exited 1, after 6s, 3 more the same"),
        (
            FailedTask("1", FailureKind.EXIT, "exited 1 after 6 s", "app", ran_s=6.0),
            "task 1 (app): exited 1 after 6 s",
        ),
        (FailedTask("", FailureKind.NO_CAPACITY, ""), "no task: no capacity"),
    ],
)
def test_a_failed_task_is_one_sentence(task: FailedTask, expected: str) -> None:
    assert words.failure_words(task) == expected


def test_a_screen_has_room_for_a_short_id() -> None:
    assert words.failure_words(CRASH, short=True).startswith("task 7f2a9e01: ")


def test_a_log_line_is_clean_and_of_some_length() -> None:
    task = structs.replace(CRASH, log_lines=("a\x1b[2J\n  b", "c" * 5000))

    assert words.log_of(task) == ["a", "  b", "c" * 1000]


def test_a_service_in_one_line_tells_all_but_its_tasks() -> None:
    one = structs.replace(CRASHING, stage="BAKE_TIME", note="a note", waiting_for="a person")

    assert words.service_words(one) == (
        "⟳ Service waits for a person, "
        "new hoge:42: 2/4 running · 1 starting · 3 failed · 0 % of traffic, "
        "old hoge:41: 4/4 running · 100 % of traffic, circuit breaker 3 of 10, "
        "alarm hoge-prod-5xx, "
        "targets of hoge: 4 healthy · 1 unhealthy (Target.ResponseCodeMismatch) · 1 starting, "
        "stage BAKE_TIME, a person, a note"
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "still running, 4m12s, 9/14 resources, Service 2/4 running · 1 starting"),
        (
            {"status": "UPDATE_ROLLBACK_IN_PROGRESS", "note": "no contact"},
            "rolling back, 4m12s, Service 2/4 running · 1 starting, no contact",
        ),
    ],
)
def test_a_sign_of_life_says_where_it_is(more: dict[str, Any], expected: str) -> None:
    one = service(new=Tasks("hoge:42", 4, 2, 1))

    assert words.heartbeat(snapshot(services=(one,), **more)) == expected
