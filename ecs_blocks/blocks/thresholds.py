"""Where the alarms of a service ring, unless somebody says otherwise."""

from __future__ import annotations

from msgspec import Struct

from ecs_blocks.values import Value


class TaskThresholds(Struct, frozen=True, kw_only=True):
    """Where the alarms of a service's tasks ring.

    Attributes:
        cpu_percent: average CPU, of what the tasks reserve.
        memory_percent: average memory, of the hard limit.
    """

    cpu_percent: Value[int] = 85
    memory_percent: Value[int] = 85


class Thresholds(TaskThresholds, frozen=True, kw_only=True):
    """Where the alarms of a service behind a load balancer ring.

    Attributes:
        cpu_percent: average CPU, of what the tasks reserve.
        memory_percent: average memory, of the hard limit.
        target_5xx: answers 5xx of the application in a minute.
        target_connection_errors: connections in a minute that the load balancer could not open to
            a task.
        balancer_5xx: answers 5xx of the load balancer itself in a minute.
        rejected_connections: connections in a minute for which it had no room; 0 is any.
        response_time_s: what 95 of 100 requests stay below.
    """

    target_5xx: Value[int] = 10
    target_connection_errors: Value[int] = 10
    balancer_5xx: Value[int] = 10
    rejected_connections: Value[int] = 0
    response_time_s: Value[float] = 1.0
