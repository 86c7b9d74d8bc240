"""A CloudWatch dashboard of one service: what callers notice above, what tasks do below."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import cloudwatch as cw

from ecs_blocks.blocks.alarms import ALB, INSIGHTS, Metric
from ecs_blocks.blocks.entrance import EntranceHandle
from ecs_blocks.blocks.json_text import as_json
from ecs_blocks.blocks.limits import check_form
from ecs_blocks.blocks.load_balancer import BalancerHandle
from ecs_blocks.blocks.service import ServiceHandle, service_dimensions
from ecs_blocks.values import REGION, STACK_NAME, Value, get_att, text

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

WIDTH: Final = 12
"""Of a graph: half of the page, which has 24 columns."""
HEIGHT: Final = 6
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,255}")
"""Source: Amazon CloudWatch API Reference, PutDashboard, ``DashboardName``."""


class Line(Struct, frozen=True):
    """One line of a graph."""

    label: str
    metric: Metric

    def row(self) -> list[Any]:
        """As a dashboard has it. Source: CloudWatch API Reference, "Dashboard Body Structure"."""
        dimensions = [part for pair in self.metric.dimensions.items() for part in pair]
        drawn = {"stat": self.metric.statistic, "label": self.label}
        return [self.metric.namespace, self.metric.name, *dimensions, drawn]


class Graph(Struct, frozen=True):
    """One graph: a title, and its lines."""

    title: str
    lines: tuple[Line, ...]

    def widget(self, number: int) -> dict[str, Any]:
        """As a dashboard has it, two beside each other."""
        return {
            "type": "metric",
            "x": number % 2 * WIDTH,
            "y": number // 2 * HEIGHT,
            "width": WIDTH,
            "height": HEIGHT,
            "properties": {
                "title": self.title,
                "region": REGION,
                "view": "timeSeries",
                "period": 60,
                "yAxis": {"left": {"min": 0}},
                "metrics": [one.row() for one in self.lines],
            },
        }


class Dashboard(Struct, frozen=True, kw_only=True):
    """A dashboard of a service: requests, errors, response time, tasks, CPU and memory.

    Attributes:
        service: whose tasks: ``shop.service``.
        entrance: what requests come by: ``shop.entrance`` of a ``WebService``; None draws the tasks
            alone.
        alternate: the second target group of a deployment that shifts traffic,
            ``shop.traffic.alternate``: after every other deploy the requests are there.
        name: letters, digits, hyphens and underscores, unique in the account; None is that of the
            stack with its region behind it, for dashboards know no regions.

    How many tasks run is counted by Container Insights: the cluster has to have them on.
    """

    service: ServiceHandle
    entrance: EntranceHandle | None = None
    alternate: Any = None
    name: Value[str] | None = None

    def __post_init__(self) -> None:
        if self.name is not None:
            check_form(
                "name",
                self.name,
                _NAME,
                "like shop-overview, with at most 255 letters, digits, hyphens and underscores",
            )

    def build(self, scope: Scope) -> Any:
        """Add the dashboard, and return it (a ``troposphere.cloudwatch.Dashboard``)."""
        graphs = (*self._callers(), *self._tasks())
        body = {"widgets": [one.widget(number) for number, one in enumerate(graphs)]}
        return scope.add(
            cw.Dashboard(
                scope.id("Dashboard"),
                DashboardName=text(STACK_NAME, "-", REGION) if self.name is None else self.name,
                DashboardBody=as_json(body),
            )
        )

    def _callers(self) -> tuple[Graph, ...]:
        if self.entrance is None:
            return ()
        answers = tuple(
            Line(f"{digit}xx{of}", metric)
            for digit in (5, 4)
            for of, metric in self._at_targets(f"HTTPCode_Target_{digit}XX_Count", "Sum")
        )
        # what a shared balancer itself answers may be another service's doing
        if isinstance(self.entrance.balancer, BalancerHandle):
            own = {"LoadBalancer": self.entrance.balancer.full_name}
            metric = _alb("HTTPCode_ELB_5XX_Count", "Sum", own)
            answers = (*answers, Line("5xx of the load balancer itself", metric))
        return (
            Graph(
                "Requests in a minute",
                tuple(
                    Line(f"requests{of}", one)
                    for of, one in self._at_targets("RequestCount", "Sum")
                ),
            ),
            Graph("Errors in a minute", answers),
            Graph(
                "Response time, in seconds",
                tuple(
                    Line(f"{statistic}{of}", metric)
                    for statistic in ("p50", "p95")
                    for of, metric in self._at_targets("TargetResponseTime", statistic)
                ),
            ),
        )

    def _at_targets(self, name: str, statistic: str) -> list[tuple[str, Metric]]:
        """The metric at each target group, and what sets its line apart: " of Admin"."""
        if self.entrance is None:
            return []
        groups = [
            (f" of {endpoint}" if endpoint else "", group)
            for endpoint, group in self.entrance.target_groups.items()
        ]
        if self.alternate is not None:
            groups.append((" of the second target group", self.alternate))
        balancer = self.entrance.balancer.full_name
        return [
            (
                of,
                _alb(
                    name,
                    statistic,
                    {
                        "TargetGroup": get_att(group, "TargetGroupFullName"),
                        "LoadBalancer": balancer,
                    },
                ),
            )
            for of, group in groups
        ]

    def _tasks(self) -> tuple[Graph, ...]:
        counted = service_dimensions(self.service)
        running = tuple(
            Line(
                label,
                Metric(namespace=INSIGHTS, name=name, statistic="Average", dimensions=counted),
            )
            for label, name in (("running", "RunningTaskCount"), ("desired", "DesiredTaskCount"))
        )
        return (
            Graph("Tasks", running),
            *(
                Graph(
                    f"{title}, in percent",
                    tuple(
                        Line(statistic.lower(), self.service.metric(name, statistic))
                        for statistic in ("Average", "Maximum")
                    ),
                )
                for title, name in (("CPU", "CPUUtilization"), ("Memory", "MemoryUtilization"))
            ),
        )


def _alb(name: str, statistic: str, dimensions: dict[str, Value[str]]) -> Metric:
    return Metric(namespace=ALB, name=name, statistic=statistic, dimensions=dimensions)
