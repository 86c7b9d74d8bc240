"""The alarm that scaling cannot answer: busy, and already at the most tasks there may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from troposphere import cloudwatch as cw

from ecs_blocks.blocks.alarms import INSIGHTS, Alarm, Calculation, Metric, Notify, alarm_name
from ecs_blocks.blocks.service import ServiceHandle, service_dimensions
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Value, ref, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope


class BusyAtMaximum(Struct, frozen=True, kw_only=True):
    """Ring when one of some alarms rings while scaling can add no more tasks.

    Attributes:
        service: the service.
        busy: its alarms that mean too much work: those of CPU, memory, response time.
        max_count: at most this many tasks, as scaling has it.
        notify: whom to tell.

    Container Insights counts the tasks: the cluster has to have them on. Where scaling is off, at
    most as many as at least, it rings whenever the service is busy.
    """

    service: ServiceHandle
    busy: tuple[Any, ...]
    max_count: Value[int]
    notify: Notify

    def __post_init__(self) -> None:
        if not self.busy:
            raise BlockError("busy names no alarm; give those of CPU or response time")

    def build(self, scope: Scope) -> Any:
        """Add the composite alarm and its half, and return it."""
        full = scope.build(
            Alarm(
                suffix="AtMaximum",
                description="as many tasks run as may; alone this is no trouble, and tells nobody",
                watches=Calculation(
                    expression=text("IF(tasks >= ", self.max_count, ", 1, 0)"),
                    label="1 while no task can be added",
                    metrics={
                        "tasks": Metric(
                            namespace=INSIGHTS,
                            name="DesiredTaskCount",
                            statistic="Maximum",
                            dimensions=service_dimensions(self.service),
                        )
                    },
                ),
                above=0,
                notify=self.notify,
            )
        )
        for key in ("AlarmActions", "OKActions", "ActionsEnabled"):
            del full.properties[key]
        return scope.add(
            cw.CompositeAlarm(
                scope.id("BusyAtMaximumAlarm"),
                AlarmName=alarm_name("BusyAtMaximum"),
                AlarmDescription="the service is busy and cannot grow: raise ServiceMaxCount",
                AlarmRule=_rule(full, self.busy),
                ActionsEnabled=self.notify.enabled,
                AlarmActions=[self.notify.topic_arn],
                OKActions=[self.notify.topic_arn],
            )
        )


def _rule(full: Any, busy: tuple[Any, ...]) -> Value[str]:
    """By reference: CloudWatch refuses a composite of alarms that do not exist yet."""
    parts: list[Any] = ['ALARM("', ref(full.title), '") AND (']
    for number, alarm in enumerate(busy):
        parts += [" OR " if number else "", 'ALARM("', ref(alarm.title), '")']
    return text(*parts, ")")
