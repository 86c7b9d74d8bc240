"""The metrics that an alarm or a scaling policy looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.parts import Part, parts, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource

ALARM: Final = "AWS::CloudWatch::Alarm"
POLICY: Final = "AWS::ApplicationAutoScaling::ScalingPolicy"
USERS: Final = (ALARM, POLICY)
"""The types that name metrics by namespace, name and dimensions."""

_CUSTOMIZED: Final = "TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification"


def metrics_used(user: Resource) -> Iterator[Part]:
    """Each metric of *user*, as the part that holds Namespace, MetricName and Dimensions."""
    if user.type == POLICY:
        if user.get(_CUSTOMIZED) is not None:
            yield Part(_CUSTOMIZED, user.get(_CUSTOMIZED))
            yield from _of_queries(user, f"{_CUSTOMIZED}.Metrics")
        return
    if user.raw("MetricName") is not None:
        yield whole(user)
    yield from _of_queries(user, "Metrics")


def _of_queries(user: Resource, path: str) -> Iterator[Part]:
    for query in parts(user, path):
        metric = query.get("MetricStat.Metric")
        if metric is not None:
            yield Part(query.at("MetricStat.Metric"), metric)


def dimensions_of(metric: Part) -> list[tuple[str, Part, Any]]:
    """(name, the part that holds it, its value) for each dimension of *metric*.

    Raises:
        Unknown: the list, or a name in it, is an intrinsic function.
    """
    found = []
    for dimension in metric.items("Dimensions"):
        name = dimension.get("Name")
        if not isinstance(name, str):
            raise Unknown(dimension.at("Name"))
        found.append((name, dimension, dimension.raw("Value")))
    return found
