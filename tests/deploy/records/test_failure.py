"""The failed tasks in a record: as they were seen, bounded, and without what is secret."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.progress import FailedTask, FailureKind
from ecs_blocks.deploy.records.failure import MOST, MOST_CHARACTERS, MOST_LINES, Failure
from ecs_blocks.deploy.records.record import Ended, decoded, encoded, with_end
from tests.deploy.records.examples import TEMPLATE, WHEN, record

TASK: Final = FailedTask(
    "7f2a",
    FailureKind.EXIT,
    "exited 1",
    container="app",
    exit_code=1,
    log_lines=("Traceback", "KeyError: 'DATABASE_URL'"),
    hint="look",
    same=2,
)
PLAIN: Final[dict[str, Any]] = {**TEMPLATE, "Parameters": {"Image": {"Type": "String"}}}


def test_what_the_screen_shows_of_a_failed_task_is_in_the_record() -> None:
    found = record(failures=(TASK,), code=Exit.ROLLED_BACK)

    assert json.loads(encoded(found))["failures"] == [
        {
            "class": "exit code",
            "task_id": "7f2a",
            "container": "app",
            "exit_code": 1,
            "reason": "exited 1",
            "log_lines": ["Traceback", "KeyError: 'DATABASE_URL'"],
            "same": 2,
        }
    ]
    assert decoded(encoded(found), "here") == found


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("the password is hunter2", "the password is (hidden)"),
        ("key AKIAIOSFODNN7EXAMPLE", "key (hidden)"),
        ("\x1b[2J::error::x", ": :error::x"),
        ("x" * 900, "x" * MOST_CHARACTERS),
    ],
)
def test_what_is_not_shown_is_not_kept_either(line: str, kept: str) -> None:
    task = FailedTask("7f2a", FailureKind.OTHER, line, log_lines=(line,))
    [found] = record(failures=(task,)).failures

    assert (found.reason, found.log_lines) == (kept, (kept,))


def test_a_secret_that_looks_like_a_credential_in_a_part_is_hidden_as_a_whole() -> None:
    value = "postgres://app:hunter2@db.internal/app"
    task = FailedTask("7f2a", FailureKind.OTHER, f"cannot reach {value}", log_lines=(value,))
    [found] = record(failures=(task,), parameters={"Password": value}).failures

    assert (found.reason, found.log_lines) == ("cannot reach (hidden)", ("(hidden)",))


def test_so_many_are_kept_and_no_more() -> None:
    task = FailedTask("7f2a", FailureKind.EXIT, "no", log_lines=tuple(map(str, range(50))))
    found = record(failures=(task,) * 9).failures

    assert len(found) == MOST
    assert found[0].log_lines == tuple(map(str, range(50 - MOST_LINES, 50)))


@pytest.mark.parametrize(("template", "reason"), [(PLAIN, "exited 1"), (TEMPLATE, "")])
def test_of_an_end_that_is_seen_later_no_text_is_kept_where_values_are_hidden(
    template: dict[str, Any], reason: str
) -> None:
    ended = Ended(
        stack_id="",
        operation="eb-1111-2222",
        when=WHEN,
        code=Exit.ROLLED_BACK,
        duration_s=1,
        failures=(TASK,),
    )
    [found] = with_end(record(template=template), ended).failures

    assert (found.reason, bool(found.log_lines)) == (reason, bool(reason))
    assert found.exit_code == 1


def test_a_class_that_a_later_version_knows_is_another_failure() -> None:
    assert Failure(kind="meteorite", reason="it burnt").task.kind is FailureKind.OTHER
