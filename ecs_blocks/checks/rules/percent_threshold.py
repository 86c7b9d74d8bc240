"""Utilization is counted from 0 to 100, so a threshold of 0.8 means less than one percent.

An alarm on ``CPUUtilization`` above 0.8 is always on, and nobody looks at it any more. A scaling
policy with a ``TargetValue`` of 0.8 adds tasks until its maximum is reached, and keeps them.

Write 80 for eighty percent. Alarms on values *below* a threshold, which look for what is idle, are
not judged, and neither are expressions of several metrics.

Source: Amazon ECS Developer Guide, "Amazon ECS CloudWatch metrics"; Application Auto Scaling API
Reference, TargetTrackingScalingPolicyConfiguration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.metrics_used import ALARM, POLICY, USERS, metrics_used
from ecs_blocks.checks.views.parts import Part, number, parts, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_PERCENT: Final = {
    "AWS/ECS": "CPUUtilization MemoryUtilization CPUReservation MemoryReservation GPUReservation "
    "EBSFilesystemUtilization",
    "AWS/ECS/ManagedScaling": "CapacityProviderReservation",
    "AWS/EC2": "CPUUtilization",
    "AWS/RDS": "CPUUtilization",
    "AWS/ElastiCache": "CPUUtilization EngineCPUUtilization DatabaseMemoryUsagePercentage",
    "ECS/ContainerInsights": "TaskCpuUtilization TaskMemoryUtilization "
    "TaskEphemeralStorageUtilization TaskEBSFilesystemUtilization ContainerCpuUtilization "
    "ContainerMemoryUtilization InstanceDataFilesystemUtilization InstanceOSFilesystemUtilization "
    "instance_cpu_utilization instance_memory_utilization instance_filesystem_utilization "
    "instance_cpu_reserved_capacity instance_memory_reserved_capacity",
}
_PREDEFINED: Final = ("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization")
_TRACKING: Final = "TargetTrackingScalingPolicyConfiguration"
_TARGET: Final = f"{_TRACKING}.TargetValue"
_QUERIES: Final = f"{_TRACKING}.CustomizedMetricSpecification.Metrics"
_PREDEFINED_TYPE: Final = f"{_TRACKING}.PredefinedMetricSpecification.PredefinedMetricType"


def _judge(user: Resource, _template: Template) -> Iterator[Fault]:
    name = _metric(user)
    if name is None:
        return
    place = _TARGET if user.type == POLICY else "Threshold"
    given = number(whole(user).get(place))
    if given is not None and 0 < given <= 1:
        message = f"{name} goes from 0 to 100, and this is {given:g}; was {given * 100:g} meant?"
        yield Fault(place, message)


def _metric(user: Resource) -> str | None:
    """The percentage that *user* compares, or None where it is something else."""
    operator = text(whole(user).get("ComparisonOperator"))
    if _is_math(user) or (user.type == ALARM and not operator.startswith("GreaterThan")):
        return None
    predefined = text(whole(user).get(_PREDEFINED_TYPE))
    if predefined.startswith(_PREDEFINED):
        return predefined
    return next((name for name in map(_percentage, metrics_used(user)) if name), None)


def _is_math(user: Resource) -> bool:
    queries = list(parts(user, "Metrics" if user.type == ALARM else _QUERIES))
    return len(queries) > 1 or any(query.raw("Expression") is not None for query in queries)


def _percentage(metric: Part) -> str | None:
    namespace, name = text(metric.get("Namespace")), text(metric.get("MetricName"))
    if name not in _PERCENT.get(namespace, "").split() or metric.get("Statistic") == "SampleCount":
        return None
    return name


CHECK = Check(
    id="EB709",
    title="percentage is given as a fraction",
    types=USERS,
    severity=Severity.WARNING,
    fix="write 80 for eighty percent",
    judge=_judge,
)
