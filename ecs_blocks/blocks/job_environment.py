"""What environment.yaml and platform.yaml may say of a job that runs by the clock."""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING, Any, Literal

from ecs_blocks.blocks.schedule import EXPRESSION, TIME_ZONE, expression_problem, time_zone_problem
from ecs_blocks.blocks.task_environment import OnFargate, OnInstances, VpcTaskEnvironment
from ecs_blocks.environment.declare import Param, computed, param
from ecs_blocks.values import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def failure_rule_state(values: Mapping[str, Any]) -> str:
    """A rule has no switch but its state."""
    return "DISABLED" if values["alarms_enabled"] is False else "ENABLED"


class JobEnvironment(VpcTaskEnvironment, ABC):
    """What every scheduled job takes, wherever it runs."""

    schedule_expression: Param[str] = param(
        pattern=EXPRESSION, help="when it runs: cron(0 3 * * ? *) or rate(6 hours)"
    )
    schedule_time_zone: Param[str] = param(
        default="UTC", pattern=TIME_ZONE, help="in which a cron is read: Asia/Tokyo"
    )
    schedule_state: Param[Literal["ENABLED", "DISABLED"]] = param(
        default="ENABLED", help="DISABLED stops it; then AlarmsEnabled false keeps it quiet"
    )
    job_timeout_seconds: Param[int] = param(
        default=3600, ge=1, le=31_536_000, help="a run that takes longer is stopped, and has failed"
    )
    job_retries: Param[int] = param(
        default=0, ge=0, le=100, help="how often a run that failed is started again"
    )
    alarm_missed_after_hours: Param[int] = param(
        default=26, ge=1, le=168, help="so many hours without a successful run ring"
    )
    failure_rule_state: Param[str] = computed(
        failure_rule_state, of=("alarms_enabled",), help="of the rule that tells of failed tasks"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """An expression that the scheduler takes."""
        yield from super().problems()
        expression = self.schedule_expression
        if not isinstance(expression, Token) and (problem := expression_problem(expression)):
            yield "schedule_expression", problem
        zone = self.schedule_time_zone
        if not isinstance(zone, Token) and (problem := time_zone_problem(zone)):
            yield "schedule_time_zone", problem


class ScheduledJobEnvironment(OnInstances, JobEnvironment):
    """A job on the instances of the cluster.

    ``TaskMemory`` is what the scheduler sets aside for a task, ``TaskMaxMemory`` where it is
    killed.
    """


class FargateScheduledJobEnvironment(OnFargate, JobEnvironment):
    """A job on Fargate: ``TaskCpu`` and ``TaskMaxMemory`` are a size that exists."""
