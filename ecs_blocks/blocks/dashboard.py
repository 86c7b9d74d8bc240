"""A CloudWatch dashboard of one service: what callers notice above, what tasks do below."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import cloudwatch as cw

from ecs_blocks.blocks.entrance import EntranceHandle
from ecs_blocks.blocks.graphs import PERIOD_S, Drawn, Graph, Line, of_callers, of_tasks
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
        drawn = self._drawn()
        graphs = (*of_callers(drawn), *of_tasks(drawn))
        body = {"widgets": [_widget(number, one) for number, one in enumerate(graphs)]}
        return scope.add(
            cw.Dashboard(
                scope.id("Dashboard"),
                DashboardName=text(STACK_NAME, "-", REGION) if self.name is None else self.name,
                DashboardBody=as_json(body),
            )
        )

    def _drawn(self) -> Drawn:
        service = service_dimensions(self.service)
        if self.entrance is None:
            return Drawn(service=service, target_groups={})
        groups = {
            f" of {endpoint}" if endpoint else "": group
            for endpoint, group in self.entrance.target_groups.items()
        }
        if self.alternate is not None:
            groups[" of the second target group"] = self.alternate
        balancer = {"LoadBalancer": self.entrance.balancer.full_name}
        return Drawn(
            service=service,
            target_groups={
                of: {"TargetGroup": get_att(group, "TargetGroupFullName"), **balancer}
                for of, group in groups.items()
            },
            own_balancer=balancer if isinstance(self.entrance.balancer, BalancerHandle) else None,
        )


def _widget(number: int, graph: Graph) -> dict[str, Any]:
    """A graph as a dashboard has it, two beside each other."""
    return {
        "type": "metric",
        "x": number % 2 * WIDTH,
        "y": number // 2 * HEIGHT,
        "width": WIDTH,
        "height": HEIGHT,
        "properties": {
            "title": graph.title,
            "region": REGION,
            "view": "timeSeries",
            "period": PERIOD_S,
            "yAxis": {"left": {"min": 0}},
            "metrics": [_row(one) for one in graph.lines],
        },
    }


def _row(line: Line) -> list[Any]:
    """A line as it has it. Source: CloudWatch API Reference, "Dashboard Body Structure"."""
    metric = line.metric
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    drawn = {"stat": metric.statistic, "label": line.label}
    return [metric.namespace, metric.name, *dimensions, drawn]
