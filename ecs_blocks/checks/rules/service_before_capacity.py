"""CloudFormation may make a service before its cluster has the capacity that it asks for.

A capacity provider reaches the cluster by an ``AWS::ECS::ClusterCapacityProviderAssociations``,
which nothing in a service refers to. Made side by side, the service sometimes comes first and
fails with "the specified capacity provider was not found"; when the stack is deleted, the
association may go first and fails because it is in use.

Add the association to ``DependsOn`` of the service.

Source: Amazon ECS API Reference, PutClusterCapacityProviders: a provider must be associated with
the cluster before it is used in a strategy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.references import made_before

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    cluster = template.target(service.raw("Cluster"))
    if cluster is None or not as_items(service.get("CapacityProviderStrategy")):
        return
    if as_items(cluster.get("CapacityProviders")):
        return  # the cluster has them from the beginning
    earlier = made_before(template, service.id)
    for association in template.of_type("AWS::ECS::ClusterCapacityProviderAssociations"):
        ours = template.target(association.raw("Cluster")) is cluster
        if ours and association.id not in earlier:
            yield Fault("DependsOn", f"the service may be made before {association.id}")


CHECK = Check(
    id="EB120",
    title="service may be made before its capacity",
    types=("AWS::ECS::Service",),
    severity=Severity.ERROR,
    fix="add the ClusterCapacityProviderAssociations to DependsOn of the service",
    judge=_judge,
)
