"""What is scaled, and by what measure, has to belong to the service that is named.

The ``ScalableDimension`` begins with the ``ServiceNamespace``: ``ecs:service:DesiredCount`` for
``ecs``. A predefined metric belongs to its service too: ``ECSServiceAverageCPUUtilization`` scales
no table. Application Auto Scaling refuses what does not fit.

Source: Application Auto Scaling API Reference, RegisterScalableTarget and PutScalingPolicy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.metrics_used import POLICY
from ecs_blocks.checks.views.parts import text
from ecs_blocks.checks.views.tasks import SCALABLE_TARGET

if TYPE_CHECKING:
    from collections.abc import Iterator

_METRIC: Final = (
    "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType"
)
_SERVICES: Final = {
    "ALBRequestCountPerTarget": ("ecs", "ec2"),
    "AppStream": ("appstream",),
    "Cassandra": ("cassandra",),
    "Comprehend": ("comprehend",),
    "DynamoDB": ("dynamodb",),
    "EC2SpotFleet": ("ec2",),
    "ECSService": ("ecs",),
    "ElastiCache": ("elasticache",),
    "Kafka": ("kafka",),
    "Lambda": ("lambda",),
    "Neptune": ("neptune",),
    "RDS": ("rds",),
    "SageMaker": ("sagemaker",),
    "WorkSpaces": ("workspaces",),
}
"""The services that the predefined metrics with this beginning of a name are for."""


def _judge(resource: Resource, template: Template) -> Iterator[Fault]:
    namespace = text(resource.get("ServiceNamespace"))
    dimension = text(resource.get("ScalableDimension"))
    if namespace and dimension and dimension.split(":", 1)[0] != namespace:
        yield Fault("ScalableDimension", f"{dimension} is no dimension of {namespace!r}")
    if resource.type != POLICY:
        return
    target = template.target(resource.raw("ScalingTargetId"))
    if not namespace and target is not None:
        namespace = text(target.get("ServiceNamespace"))
    metric = text(resource.get(_METRIC))
    for beginning, services in _SERVICES.items():
        if namespace and metric.startswith(beginning) and namespace not in services:
            yield Fault(_METRIC, f"{metric} is no metric of {namespace!r}")


CHECK = Check(
    id="EB713",
    title="scaling by what belongs to another service",
    types=(SCALABLE_TARGET, POLICY),
    severity=Severity.ERROR,
    fix="use ecs:service:DesiredCount and a metric of ECS for a service of the namespace ecs",
    judge=_judge,
)
