"""A Grafana dashboard for all services: the graphs of ``Dashboard``, with variables to choose by.

It is plain JSON, built here: Grafana's own package for it (``grafana-foundation-sdk``) would be a
dependency of every render for the sake of one verb. A test decodes the result with it.
Sources: Grafana's schema of dashboards (v1, whose last version is 42) and of queries to CloudWatch.
"""

from __future__ import annotations

import string
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.blocks.graphs import PERIOD_S, Drawn, Graph, Line, Unit, of_callers, of_tasks
from ecs_blocks.grafana.variables import DATA_SOURCE, REGION, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

UID: Final = "ecs-blocks-services"
"""The same every time: an import takes the place of the one before."""
SCHEMA_VERSION: Final = 42
WIDTH: Final = 12
"""Of a graph: half of the page, which has 24 columns."""
HEIGHT: Final = 8
_UNITS: Final = {Unit.COUNT: "short", Unit.PERCENT: "percent", Unit.SECONDS: "s"}
_DRAWN: Final = Drawn(
    service={"ClusterName": "$cluster", "ServiceName": "$service"},
    # any load balancer: a target group has one, and it may be another stack's
    target_groups={
        " of ${PROP('Dim.TargetGroup')}": {"TargetGroup": "$targetgroup", "LoadBalancer": "*"}
    },
    own_balancer={"LoadBalancer": "$loadbalancer"},
)
_SHORT_NAMES: Final = {
    "id": "renameByRegex",
    "options": {"regex": r"/targetgroup\/([^\/]+)\/\S+/", "renamePattern": "$1"},
}
"""A target group is shown by its name, without what AWS puts before and behind it."""


def grafana_dashboard() -> dict[str, Any]:
    """One dashboard for every service of every cluster, as Grafana imports and provisions it.

    It asks CloudWatch for what stands behind its variables, so it knows no app and no environment:
    a new service is there as soon as it has metrics.
    """
    return {
        "id": None,
        "uid": UID,
        "title": "Services on Amazon ECS",
        "description": "Made by ecs-blocks grafana: make it again instead of changing it by hand.",
        "tags": ["ecs", "ecs-blocks"],
        "timezone": "browser",
        "editable": True,
        "graphTooltip": 1,  # the same moment is marked in every graph
        "time": {"from": "now-6h", "to": "now"},
        "refresh": "1m",
        "schemaVersion": SCHEMA_VERSION,
        "annotations": {"list": []},
        "templating": {"list": list(VARIABLES)},
        "panels": list(_panels()),
    }


def _panels() -> Iterator[dict[str, Any]]:
    """Each part of the page under a heading; a heading is one high."""
    numbers = count(1)
    top = 0
    for heading, graphs in (
        ("What callers notice", of_callers(_DRAWN)),
        ("What the tasks do", of_tasks(_DRAWN)),
    ):
        yield {
            "id": next(numbers),
            "type": "row",
            "title": heading,
            "collapsed": False,
            "gridPos": {"x": 0, "y": top, "w": 2 * WIDTH, "h": 1},
            "panels": [],
        }
        for place, graph in enumerate(graphs):
            x, y = place % 2 * WIDTH, top + 1 + place // 2 * HEIGHT
            at = {"x": x, "y": y, "w": WIDTH, "h": HEIGHT}
            yield {"id": next(numbers), **_panel(graph), "gridPos": at}
        top += 1 + (len(graphs) + 1) // 2 * HEIGHT


def _panel(graph: Graph) -> dict[str, Any]:
    return {
        "type": "timeseries",
        "title": graph.title,
        "datasource": DATA_SOURCE,
        "targets": [
            _target(letter, line)
            for letter, line in zip(string.ascii_uppercase, graph.lines, strict=False)
        ],
        "transformations": [_SHORT_NAMES],
        "fieldConfig": {"defaults": _field(graph), "overrides": []},
        "options": {
            "legend": {
                "showLegend": True,
                "displayMode": "list",
                "placement": "bottom",
                "calcs": [],
            },
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    }


def _field(graph: Graph) -> dict[str, Any]:
    """How values are shown; a dashed line is where an alarm rings that nobody set otherwise."""
    field: dict[str, Any] = {"unit": _UNITS[graph.unit], "min": 0}
    if graph.alarm_above is None:
        return field
    steps = [{"color": "green", "value": None}, {"color": "red", "value": graph.alarm_above}]
    return {
        **field,
        "thresholds": {"mode": "absolute", "steps": steps},
        "custom": {"thresholdsStyle": {"mode": "dashed"}},
    }


def _target(letter: str, line: Line) -> dict[str, Any]:
    """A query as the editor of the CloudWatch data source writes it.

    Source: grafana/grafana, ``public/app/plugins/datasource/cloudwatch/dataquery.cue``. Of its
    numbers, a query type of 0 is a search among metrics, an editor mode of 0 the builder.
    """
    metric = line.metric
    return {
        "refId": letter,
        "datasource": DATA_SOURCE,
        "queryMode": "Metrics",
        "metricQueryType": 0,
        "metricEditorMode": 0,
        "id": "",
        "expression": "",
        "region": REGION,
        "namespace": metric.namespace,
        "metricName": metric.name,
        "dimensions": dict(metric.dimensions),
        "matchExact": True,
        "statistic": metric.statistic,
        "period": str(PERIOD_S),
        "label": line.label,
    }
