"""Fewer tasks by the clock: what environment.yaml may say of the hours in which nobody works."""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING

from ecs_blocks.blocks.schedule import EXPRESSION, TIME_ZONE, expression_problem, time_zone_problem
from ecs_blocks.blocks.task_counts import ScheduledCount
from ecs_blocks.blocks.task_environment import CountedEnvironment, UtilizationEnvironment
from ecs_blocks.environment.declare import Param, param, same_as
from ecs_blocks.values import known

if TYPE_CHECKING:
    from collections.abc import Iterator


class OffHours(CountedEnvironment, ABC):
    """Other bounds outside of working hours, in the environments that say so.

    Put it before the environment class of the service::

        class Shop(eb.OffHours, eb.WebServiceEnvironment): ...

    Where an environment says nothing the bounds are the same at all hours. To switch staging off
    at night: ``OffHoursMinCount: 0`` and ``OffHoursMaxCount: 0``.
    """

    off_hours_begin: Param[str] = param(
        default="cron(0 20 ? * MON-FRI *)", pattern=EXPRESSION, help="when working hours end"
    )
    off_hours_end: Param[str] = param(
        default="cron(0 7 ? * MON-FRI *)", pattern=EXPRESSION, help="when working hours begin"
    )
    off_hours_time_zone: Param[str] = param(
        default="UTC", pattern=TIME_ZONE, help="of both: Asia/Tokyo"
    )
    off_hours_min_count: Param[int] = param(
        default=same_as("service_desired_count"),
        ge=0,
        le=5000,
        help="how many tasks run at least outside of working hours",
    )
    off_hours_max_count: Param[int] = param(
        default=same_as("service_max_count"),
        ge=0,
        le=5000,
        help="how many tasks run at most outside of working hours; 0 stops the service",
    )

    def schedule(self) -> tuple[ScheduledCount, ...]:
        """Two actions: off hours begin, and end."""
        return (
            ScheduledCount(
                name="OffHours",
                schedule=self.off_hours_begin,
                time_zone=self.off_hours_time_zone,
                min_count=self.off_hours_min_count,
                max_count=self.off_hours_max_count,
            ),
            ScheduledCount(
                name="WorkingHours",
                schedule=self.off_hours_end,
                time_zone=self.off_hours_time_zone,
                min_count=self.service_desired_count,
                max_count=self.service_max_count,
            ),
        )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Times that AWS takes, and bounds that go together."""
        yield from super().problems()
        for name in ("off_hours_begin", "off_hours_end"):
            expression = known(getattr(self, name))
            if expression and (problem := expression_problem(expression[0])):
                yield name, problem
        zone = known(self.off_hours_time_zone)
        if zone and (problem := time_zone_problem(zone[0])):
            yield "off_hours_time_zone", problem
        counts = known(self.off_hours_min_count, self.off_hours_max_count)
        if counts and counts[0] > counts[1]:
            low, high = counts
            message = f"at most {high} tasks are fewer than the {low} of OffHoursMinCount"
            yield "off_hours_max_count", message
        elif counts and counts[0] == 0 < counts[1] and isinstance(self, UtilizationEnvironment):
            yield (
                "off_hours_min_count",
                "0 stops a service only with an OffHoursMaxCount of 0 too; scaling cannot start it",
            )
