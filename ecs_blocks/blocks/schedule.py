"""When something runs: EventBridge Scheduler's expressions."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from troposphere import scheduler

from ecs_blocks.blocks.limits import check_one_of, check_within
from ecs_blocks.errors import BlockError
from ecs_blocks.naming import nearest
from ecs_blocks.values import Token, Value

EXPRESSION: Final = r"(?:cron|rate)\([^()]+\)"
TIME_ZONE: Final = r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*"
_RATE: Final = re.compile(r"rate\((\d+) (minute|hour|day)(s?)\)")
_CRON: Final = re.compile(r"cron\(([^()]+)\)")
_AT: Final = re.compile(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)")


class Schedule(Struct, frozen=True, kw_only=True):
    """When a job is started.

    Attributes:
        expression: ``cron(0 3 * * ? *)`` (minutes, hours, day of the month, month, day of the
            week, year) or ``rate(6 hours)``.
        time_zone: in which a cron is read, summer time and all: ``Asia/Tokyo``.
        state: ``ENABLED`` or ``DISABLED``.
        flexible_window_minutes: start it at some moment within so many minutes, so that the jobs
            of a whole company do not start at once; 0 is on the minute.
        retries: how often a start is tried again that AWS refused.
        retry_for_s: for how long; AWS's own day would start a nightly job at noon.
    """

    expression: Value[str]
    time_zone: Value[str] = "UTC"
    state: Value[str] = "ENABLED"
    flexible_window_minutes: int = 0
    retries: Value[int] = 10
    retry_for_s: Value[int] = 3600

    def __post_init__(self) -> None:
        if not isinstance(self.expression, Token) and (
            problem := expression_problem(self.expression)
        ):
            raise BlockError(problem)
        check_time_zone(self.time_zone)
        check_one_of("state", self.state, ("ENABLED", "DISABLED"))
        for name, low, high in (
            ("flexible_window_minutes", 0, 1440),
            ("retries", 0, 185),
            ("retry_for_s", 60, 86_400),
        ):
            check_within(name, getattr(self, name), low, high)

    def properties(self) -> dict[str, Any]:
        """Of the schedule."""
        window = scheduler.FlexibleTimeWindow(Mode="OFF")
        if self.flexible_window_minutes:
            window = scheduler.FlexibleTimeWindow(
                Mode="FLEXIBLE", MaximumWindowInMinutes=self.flexible_window_minutes
            )
        return {
            "ScheduleExpression": self.expression,
            "ScheduleExpressionTimezone": self.time_zone,
            "State": self.state,
            "FlexibleTimeWindow": window,
        }

    def retry(self) -> Any:
        """Of the schedule's target."""
        return scheduler.RetryPolicy(
            MaximumRetryAttempts=self.retries, MaximumEventAgeInSeconds=self.retry_for_s
        )


def time_zone_problem(name: str) -> str | None:
    """Why *name* is not in the tz database, which both schedulers of AWS read; None where it is.

    Where this machine has no such database, nothing is known against a name.
    """
    from zoneinfo import available_timezones  # noqa: PLC0415 - only for what has a schedule

    zones = available_timezones()
    if not zones or name in zones:
        return None
    cities = [zone for zone in sorted(zones) if zone.rpartition("/")[2].lower() == name.lower()]
    meant = f"; did you mean {cities[0]}?" if cities else nearest(name, zones)
    return f"there is no time zone {name}{meant or ', like Asia/Tokyo'}"


def check_time_zone(name: Value[str]) -> None:
    """Refuse a time zone that neither scheduler knows.

    Raises:
        BlockError: the tz database has none of this name.
    """
    if not isinstance(name, Token) and (problem := time_zone_problem(name)):
        raise BlockError(problem)


def check_action(schedule: Value[str]) -> None:
    """Refuse a time that Application Auto Scaling does not take: it also knows ``at(…)``.

    Source: Application Auto Scaling User Guide, "Schedule recurring scaling actions using cron
    expressions"; API Reference, PutScheduledAction, ``Schedule``.

    Raises:
        BlockError: it is no time, or written in another way.
    """
    if isinstance(schedule, Token):
        return
    if not schedule.startswith("at("):
        if problem := expression_problem(schedule):
            raise BlockError(problem)
        return
    found = _AT.fullmatch(schedule)
    try:
        if found is not None:
            datetime.fromisoformat(found[1])
            return
    except ValueError:
        pass
    raise BlockError(f"{schedule}: expected a time like at(2027-01-31T20:00:00)")


def expression_problem(expression: str) -> str | None:
    """Why EventBridge Scheduler would refuse *expression*; None where nothing is known against it.

    Source: EventBridge Scheduler User Guide, "Schedule types in EventBridge Scheduler".
    """
    if found := _RATE.fullmatch(expression):
        number, unit, plural = int(found[1]), found[2], found[3]
        if number == 0:
            return f"{expression}: a rate is 1 and more"
        if (number == 1) is bool(plural):
            return f"{expression}: write rate({number} {unit}{'' if number == 1 else 's'})"
        return None
    if expression.startswith("rate("):
        return f"{expression}: a rate is a number and minutes, hours or days, like rate(6 hours)"
    if not (found := _CRON.fullmatch(expression)):
        return f"{expression}: expected cron(…) or rate(…), like cron(0 3 * * ? *)"
    fields = found[1].split()
    if len(fields) != 6:
        return (
            f"{expression}: a cron has six fields here (minutes, hours, day of the month, month, "
            f"day of the week, year), not {len(fields)}, like cron(0 3 * * ? *)"
        )
    if (fields[2] == "?") is (fields[4] == "?"):
        return f"{expression}: one of day of the month and day of the week has to be ?"
    return None
