"""What is drawn of a service: one list, for CloudWatch's dashboard and for Grafana's."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from ecs_blocks.blocks.alarms import ALB, ECS, INSIGHTS, Metric
from ecs_blocks.blocks.thresholds import Thresholds
from ecs_blocks.values import Value

PERIOD_S: Final = 60
"""Of every line. The titles say "in a minute": a sum over any other period would be another."""
_USUAL: Final = Thresholds()


class Unit(enum.StrEnum):
    """What a graph counts in. Source: CloudWatch API Reference, MetricDatum, ``Unit``."""

    COUNT = "Count"
    PERCENT = "Percent"
    SECONDS = "Seconds"


class Line(Struct, frozen=True):
    """One line of a graph."""

    label: str
    metric: Metric


class Graph(Struct, frozen=True, kw_only=True):
    """One graph: a title, and its lines.

    Attributes:
        title: what is seen, and in what.
        unit: of all its lines.
        lines: from above to below.
        alarm_above: where an alarm rings that nobody set otherwise; None where there is none. It
            is for a dashboard of all services: in that of one it would be wrong where its
            ``thresholds`` are others.
    """

    title: str
    unit: Unit
    lines: tuple[Line, ...]
    alarm_above: Value[float] | None = None


class Drawn(Struct, frozen=True, kw_only=True):
    """Under which dimensions CloudWatch keeps what is drawn: tokens in a template, else variables.

    Attributes:
        service: of the service.
        target_groups: of each target group, by what sets its lines apart: `` of Admin``; none is a
            service without a load balancer.
        own_balancer: of a load balancer that no other service has. What a shared one itself answers
            may be another service's doing.
    """

    service: Mapping[str, Value[str]]
    target_groups: Mapping[str, Mapping[str, Value[str]]]
    own_balancer: Mapping[str, Value[str]] | None = None


def of_callers(drawn: Drawn) -> tuple[Graph, ...]:
    """What callers notice: how much they ask for, what fails, how long it takes."""
    if not drawn.target_groups:
        return ()
    return (
        Graph(
            title="Requests in a minute",
            unit=Unit.COUNT,
            lines=_at_targets(drawn, "requests", "RequestCount", "Sum"),
        ),
        Graph(
            title="Errors in a minute",
            unit=Unit.COUNT,
            lines=tuple(
                line
                for label, name in (
                    ("5xx", "HTTPCode_Target_5XX_Count"),
                    ("4xx", "HTTPCode_Target_4XX_Count"),
                    ("failed connections", "TargetConnectionErrorCount"),
                )
                for line in _at_targets(drawn, label, name, "Sum")
            ),
            alarm_above=_USUAL.target_5xx,
        ),
        Graph(
            title="Response time, in seconds",
            unit=Unit.SECONDS,
            lines=tuple(
                line
                for statistic in ("p50", "p95")
                for line in _at_targets(drawn, statistic, "TargetResponseTime", statistic)
            ),
            alarm_above=_USUAL.response_time_s,
        ),
        *_of_balancer(drawn),
    )


def of_tasks(drawn: Drawn) -> tuple[Graph, ...]:
    """What the tasks do: how many there are, and how much they take of what they have.

    How many run is counted by Container Insights: the cluster has to have them on.
    """
    return (
        Graph(
            title="Tasks",
            unit=Unit.COUNT,
            lines=tuple(
                Line(label, _metric(INSIGHTS, name, "Average", drawn.service))
                for label, name in (
                    ("running", "RunningTaskCount"),
                    ("desired", "DesiredTaskCount"),
                )
            ),
        ),
        *(
            Graph(
                title=f"{title}, in percent",
                unit=Unit.PERCENT,
                lines=tuple(
                    Line(statistic.lower(), _metric(ECS, name, statistic, drawn.service))
                    for statistic in ("Average", "Maximum")
                ),
                alarm_above=above,
            )
            for title, name, above in (
                ("CPU", "CPUUtilization", _USUAL.cpu_percent),
                ("Memory", "MemoryUtilization", _USUAL.memory_percent),
            )
        ),
    )


def _of_balancer(drawn: Drawn) -> tuple[Graph, ...]:
    """On a graph of its own: in Grafana a line without a balancer takes its whole graph with it."""
    if drawn.own_balancer is None:
        return ()
    lines = tuple(
        Line(label, _metric(ALB, name, "Sum", drawn.own_balancer))
        for label, name in (
            ("5xx", "HTTPCode_ELB_5XX_Count"),
            ("rejected connections", "RejectedConnectionCount"),
        )
    )
    return (
        Graph(
            title="Errors of the load balancer itself in a minute",
            unit=Unit.COUNT,
            lines=lines,
            alarm_above=_USUAL.balancer_5xx,
        ),
    )


def _at_targets(drawn: Drawn, label: str, name: str, statistic: str) -> tuple[Line, ...]:
    return tuple(
        Line(f"{label}{of}", _metric(ALB, name, statistic, dimensions))
        for of, dimensions in drawn.target_groups.items()
    )


def _metric(
    namespace: str, name: str, statistic: str, dimensions: Mapping[str, Value[str]]
) -> Metric:
    return Metric(
        namespace=namespace,
        name=name,
        statistic=statistic,
        dimensions=dimensions,
        period_s=PERIOD_S,
    )
