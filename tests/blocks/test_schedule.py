"""When a job runs: what EventBridge Scheduler takes."""

from __future__ import annotations

from typing import Any

import pytest

import ecs_blocks as eb
from ecs_blocks.blocks.schedule import expression_problem, time_zone_problem
from tests.blocks.helpers import TOKENS

GOOD = [
    "rate(1 minute)",
    "rate(2 minutes)",
    "rate(1 hour)",
    "rate(12 hours)",
    "rate(1 day)",
    "rate(365 days)",
    "cron(0 3 * * ? *)",
    "cron(0 3 ? * MON-FRI *)",
    "cron(0/15 8-17 1,15 * ? 2026-2030)",
    "cron(0 3 L * ? *)",
    "cron(0 3 ? * 6#3 *)",
]


@pytest.mark.parametrize("expression", GOOD)
def test_an_expression_that_the_scheduler_takes(expression: str) -> None:
    assert expression_problem(expression) is None


BAD = [
    ("rate(0 days)", "rate(0 days): a rate is 1 and more"),
    ("rate(1 days)", "rate(1 days): write rate(1 day)"),
    ("rate(2 hour)", "rate(2 hour): write rate(2 hours)"),
    (
        "rate(1.5 hours)",
        "rate(1.5 hours): a rate is a number and minutes, hours or days, like rate(6 hours)",
    ),
    ("0 3 * * *", "0 3 * * *: expected cron(…) or rate(…), like cron(0 3 * * ? *)"),
    (
        "cron(0 3 * * *)",
        "cron(0 3 * * *): a cron has six fields here (minutes, hours, day of the month, month, "
        "day of the week, year), not 5, like cron(0 3 * * ? *)",
    ),
    (
        "cron(0 3 * * * *)",
        "cron(0 3 * * * *): one of day of the month and day of the week has to be ?",
    ),
    (
        "cron(0 3 ? * ? *)",
        "cron(0 3 ? * ? *): one of day of the month and day of the week has to be ?",
    ),
]


@pytest.mark.parametrize(("expression", "message"), BAD)
def test_an_expression_that_the_scheduler_refuses(expression: str, message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Schedule(expression=expression)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("minutes", "window"),
    [
        (0, {"Mode": "OFF"}),
        (15, {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}),
    ],
)
def test_a_start_on_the_minute_or_within_a_window(minutes: int, window: dict[str, Any]) -> None:
    schedule = eb.Schedule(expression="rate(1 day)", flexible_window_minutes=minutes)

    assert schedule.properties()["FlexibleTimeWindow"].to_dict() == window


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"flexible_window_minutes": 1441},
            "flexible_window_minutes is 1441; allowed: 0 to 1440",
        ),
        ({"retries": 186}, "retries is 186; allowed: 0 to 185"),
        ({"retry_for_s": 59}, "retry_for_s is 59; allowed: 60 to 86400"),
    ],
)
def test_settings_that_the_scheduler_does_not_have(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(eb.BlockError) as refused:
        eb.Schedule(expression="rate(1 day)", **changed)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("zone", "problem"),
    [
        ("Asia/Tokyo", None),
        ("UTC", None),
        ("tokyo", "there is no time zone tokyo; did you mean Asia/Tokyo?"),
        ("Europe/Berln", "there is no time zone Europe/Berln; did you mean Europe/Berlin?"),
        ("Qqqqqq", "there is no time zone Qqqqqq, like Asia/Tokyo"),
    ],
)
def test_a_time_zone_that_does_not_exist(zone: str, problem: str | None) -> None:
    assert time_zone_problem(zone) == problem


def test_without_a_database_of_zones_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.available_timezones", set)

    assert time_zone_problem("Qqqqqq") is None


def test_a_schedule_of_tokens() -> None:
    schedule = eb.Schedule(
        expression=TOKENS.word,
        time_zone=TOKENS.word,
        state=TOKENS.word,
        retries=TOKENS.number,
        retry_for_s=TOKENS.other_number,
    )
    found = schedule.properties()

    names = ("ScheduleExpression", "ScheduleExpressionTimezone", "State")
    assert [found[name].to_dict() for name in names] == [{"Ref": "Word"}] * 3
    assert schedule.retry().properties["MaximumRetryAttempts"].to_dict() == {"Ref": "Number"}
