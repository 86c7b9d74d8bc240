"""What ``make bench`` says of deploys is counted right; nothing here is timed."""

from __future__ import annotations

import pytest

from benchmarks.deploying import BURST, PER_SECOND, _burst, _shown


@pytest.mark.parametrize(
    ("at_s", "burst"),
    [
        ([0.0], 1),
        ([0.0] * BURST, BURST),
        ([number / PER_SECOND for number in range(100)], 1),
        ([0.0] * BURST + [number / PER_SECOND for number in range(1, 50)], BURST),
        ([0.0] * 40, 40),
        ([0.0, 0.0, 10.0, 10.0, 10.0], 3),
    ],
)
def test_a_burst_is_what_goes_beyond_the_pace(at_s: list[float], burst: float) -> None:
    assert _burst(at_s) == pytest.approx(burst)


LINES = [
    (1.0, "01:00:01Z hoge-prod ⟳ Topic creating (SNS::Topic)\n"),
    (2.0, "01:00:02Z hoge-prod ✓ Group created (Logs::LogGroup)\n"),
    (9.0, "01:00:09Z hoge-prod ✓ Topic created (SNS::Topic)\n"),
]


@pytest.mark.parametrize(
    ("event", "after_s"),
    [
        ((0.5, "Topic", "CREATE_IN_PROGRESS"), 0.5),
        ((6.0, "Topic", "CREATE_COMPLETE"), 3.0),
        ((6.0, "Group", "CREATE_COMPLETE"), None),
        ((0.0, "Other", "CREATE_COMPLETE"), None),
    ],
)
def test_an_event_is_told_by_the_first_line_of_it_that_follows(
    event: tuple[float, str, str], after_s: float | None
) -> None:
    assert _shown(event, LINES) == after_s
