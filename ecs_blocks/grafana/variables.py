"""What is chosen above the Grafana dashboard: data source, region, cluster, service, and behind it.

A load balancer's metrics do not say which service is behind it. The stack does: the name that
CloudFormation gives a service begins with its stack's, and the stack's name is a tag of the target
groups and of the load balancer. So who chooses a service need not look for its target groups.
Source of the queries: grafana/grafana, ``public/app/plugins/datasource/cloudwatch/types.ts``,
``VariableQuery``.
"""

from __future__ import annotations

from typing import Any, Final

from ecs_blocks.blocks.alarms import ECS

DATA_SOURCE: Final = {"type": "cloudwatch", "uid": "${datasource}"}
REGION: Final = "$region"
_WHEN_OPENED: Final = 1
"""A list is asked for when the dashboard is opened, and when what it depends on changes."""
_BY_NAME: Final = 1
"""The order of the choices: by the alphabet."""
_HIDDEN: Final = 2
_STACK: Final = r"/^(.+)-[^-]+-[^-]+$/"
"""``hoge-prod-HogeService-1A2B3C4D5E6F``: the stack, the logical id, what CloudFormation adds."""


def _variable(name: str, label: str, query: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "query",
        "name": name,
        "label": label,
        "datasource": DATA_SOURCE,
        "query": {"refId": name, "region": REGION, **query},
        "refresh": _WHEN_OPENED,
        "sort": _BY_NAME,
        "options": [],
        **more,
    }


def _values(dimension: str, **of: str) -> dict[str, Any]:
    """The values of a dimension that CloudWatch has seen in the last two weeks."""
    return {
        "queryType": "dimensionValues",
        "namespace": ECS,
        "metricName": "CPUUtilization",
        "dimensionKey": dimension,
        "dimensionFilters": of,
    }


def _of_stack(resource_type: str) -> dict[str, Any]:
    """ARNs of the stack's resources; the end of one is what metrics call the resource."""
    return {
        "queryType": "resourceARNs",
        "resourceType": f"elasticloadbalancing:{resource_type}",
        "tags": {"aws:cloudformation:stack-name": ["$stack"]},
    }


VARIABLES: Final = (
    {
        "type": "datasource",
        "name": "datasource",
        "label": "Data source",
        "query": "cloudwatch",
        "refresh": _WHEN_OPENED,
        "options": [],
    },
    _variable(
        "region",
        "Region",
        {"queryType": "regions", "region": "default"},
        current={"text": "default", "value": "default"},  # that of the data source
    ),
    _variable("cluster", "Cluster", _values("ClusterName")),
    _variable("service", "Service", _values("ServiceName", ClusterName="$cluster")),
    _variable(
        "stack",
        "Stack",
        _values("ServiceName", ClusterName="$cluster", ServiceName="$service"),
        regex=_STACK,
        hide=_HIDDEN,
    ),
    _variable(
        "targetgroup",
        "Target group",
        _of_stack("targetgroup"),
        regex=r"/(?<value>targetgroup\/(?<text>[^\/]+)\/.+)$/",
        multi=True,  # blue/green has two, and the requests are now at one, now at the other
        includeAll=True,
        current={"text": ["All"], "value": ["$__all"]},
    ),
    _variable(
        "loadbalancer",
        "Load balancer",
        _of_stack("loadbalancer"),
        regex=r"/loadbalancer\/(?<value>app\/(?<text>[^\/]+)\/.+)$/",
    ),
)
