"""Whatever AWS and containers write: lines without control characters, and no exception."""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_blocks.deploy.cloudformation.changes import Change, PropertyChange
from ecs_blocks.deploy.progress import (
    FailedTask,
    FailureKind,
    Resource,
    Service,
    Snapshot,
    Target,
    Tasks,
)
from ecs_blocks.deploy.show.frame import Seen, frame
from ecs_blocks.deploy.show.line import Paper, plain
from ecs_blocks.deploy.show.lines import Lines
from ecs_blocks.deploy.show.plan_text import render
from ecs_blocks.deploy.show.safe_text import width
from tests.deploy.show.story import Hand
from tests.deploy.show.test_safe_text import HOSTILE
from tests.properties import MODEST

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.slow

COUNTS = st.integers(0, 10)
TEXTS = st.lists(HOSTILE, max_size=3).map(tuple)
STATUSES = st.sampled_from(["", "CREATE_FAILED", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"])
RESOURCES = st.builds(Resource, HOSTILE, HOSTILE, HOSTILE | STATUSES, HOSTILE, path=TEXTS)
TASKS = st.builds(Tasks, HOSTILE, COUNTS, COUNTS, COUNTS, COUNTS, image=HOSTILE)
FAILURES = st.builds(
    FailedTask,
    HOSTILE,
    st.sampled_from(FailureKind),
    HOSTILE,
    HOSTILE,
    log_lines=TEXTS,
    hint=HOSTILE,
    note=HOSTILE,
    same=COUNTS,
)
SERVICES = st.builds(
    Service,
    HOSTILE,
    HOSTILE,
    HOSTILE,
    TASKS | st.none(),
    st.lists(TASKS, max_size=2).map(tuple),
    stage=HOSTILE,
    waiting_for=HOSTILE,
    targets=st.lists(st.builds(Target, HOSTILE, COUNTS, COUNTS, reason=HOSTILE), max_size=2).map(
        tuple
    ),
    alarms=TEXTS,
    failures=st.lists(FAILURES, max_size=2).map(tuple),
    note=HOSTILE,
)
SNAPSHOTS = st.builds(
    Snapshot,
    HOSTILE,
    HOSTILE,
    HOSTILE | STATUSES,
    st.floats(0, 1e6),
    COUNTS,
    COUNTS,
    st.lists(RESOURCES, max_size=4).map(tuple),
    st.lists(SERVICES, max_size=2).map(tuple),
    HOSTILE,
)
CHANGES = st.builds(
    Change,
    HOSTILE | st.sampled_from(["Add", "Modify", "Remove"]),
    HOSTILE,
    HOSTILE,
    HOSTILE,
    HOSTILE | st.sampled_from(["True", "False"]),
    HOSTILE,
    TEXTS,
    st.lists(
        st.builds(PropertyChange, HOSTILE, st.none() | HOSTILE, st.none() | HOSTILE, cause=HOSTILE),
        max_size=3,
    ).map(tuple),
    TEXTS,
)
FEWER = settings(MODEST, max_examples=60)  # each is large
ENCODINGS = st.sampled_from(["utf-8", "ascii", "cp932"])


def harmful(lines: Iterable[str]) -> set[str]:
    """The characters of *lines* that do something else than stand there."""
    return {
        c
        for line in lines
        for c in line
        if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }


@FEWER
@given(SNAPSHOTS, st.integers(1, 90), st.integers(1, 30), ENCODINGS, st.booleans())
def test_a_screen_is_lines_that_fit(
    snapshot: Snapshot,
    columns: int,
    rows: int,
    encoding: str,
    final: bool,  # noqa: FBT001 - hypothesis chooses it
) -> None:
    seen = Seen(snapshot, snapshot.elapsed_s, snapshot.resources)
    lines = list(map(plain, frame([seen], Paper(columns, rows, encoding), final=final)))

    assert harmful(lines) == set()
    assert max(map(width, lines)) <= columns
    assert final or len(lines) <= rows
    assert "\n".join(lines).encode(encoding)


@FEWER
@given(SNAPSHOTS, SNAPSHOTS, ENCODINGS)
def test_plain_lines_are_lines(first: Snapshot, second: Snapshot, encoding: str) -> None:
    written = io.BytesIO()
    out = io.TextIOWrapper(written, encoding=encoding, newline="\n")
    shown = Lines(out, Hand())
    for snapshot in (first, second, first):
        shown.show(snapshot)
    shown.say(first.note)
    shown.close()
    text = written.getvalue().decode(encoding)

    assert harmful(text.split("\n")) == set()
    assert all(line[:3] in ("12:", "   ", "") for line in text.split("\n")[:-1])


@FEWER
@given(st.lists(CHANGES, max_size=4), st.integers(20, 120), ENCODINGS)
def test_a_plan_is_lines_that_fit(changes: list[Change], columns: int, encoding: str) -> None:
    lines = render(changes, columns=columns, encoding=encoding).split("\n")

    assert harmful(lines) == set()
    assert max(map(width, lines)) <= columns
    assert "\n".join(lines).encode(encoding)
