"""A strategy may only name capacity providers that are associated with its cluster.

``FARGATE`` and ``FARGATE_SPOT`` too: they exist in every account, and still have to be associated.
Otherwise ECS answers "the specified capacity provider was not found" when the service, or the
default strategy of the cluster, is deployed.

Add the provider to ``CapacityProviders`` of the cluster, or of its
``AWS::ECS::ClusterCapacityProviderAssociations``. A provider of managed instances belongs to the
cluster that its ``ClusterName`` names and needs no association.

Source: Amazon ECS API Reference, PutClusterCapacityProviders and CreateCapacityProvider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.texts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLUSTER: Final = "AWS::ECS::Cluster"
_ASSOCIATIONS: Final = "AWS::ECS::ClusterCapacityProviderAssociations"


def _judge(resource: Resource, template: Template) -> Iterator[Fault]:
    if resource.type == "AWS::ECS::Service":
        yield from _service(resource, template)
    else:
        known = set(_listed(resource, template))
        yield from _strategy(resource, "DefaultCapacityProviderStrategy", known, template)


def _service(service: Resource, template: Template) -> Iterator[Fault]:
    if not list(service.items("CapacityProviderStrategy")):
        return
    cluster = template.target(service.raw("Cluster"))
    if cluster is None or cluster.type != _CLUSTER:
        raise Unknown("Cluster")
    known = set(_listed(cluster, template))
    for association in template.of_type(_ASSOCIATIONS):
        target = template.target(association.raw("Cluster"))
        if target is None:
            # It may well be this cluster, by its name.
            raise Unknown("Cluster")
        if target is cluster:
            known.update(_listed(association, template))
    yield from _strategy(service, "CapacityProviderStrategy", known, template)


def _strategy(
    resource: Resource, path: str, known: set[str], template: Template
) -> Iterator[Fault]:
    for place, _ in resource.items(path):
        at = f"{place}.CapacityProvider"
        name = _name(resource.raw(at), template, at)
        if name not in known and not _managed_instances(resource.raw(at), template):
            listed = ", ".join(sorted(known)) or "none"
            yield Fault(at, f"{name} is not associated with the cluster; associated: {listed}")


def _listed(resource: Resource, template: Template) -> Iterator[str]:
    for place, item in resource.items("CapacityProviders"):
        yield _name(item, template, place)


def _name(value: Any, template: Template, place: str) -> str:
    """What stands for the provider: its logical id, where it is one of this template."""
    target = template.target(value)
    if target is not None:
        return target.id
    if not isinstance(value, str):
        raise Unknown(place)
    for provider in template.of_type("AWS::ECS::CapacityProvider"):
        if text_of(provider.raw("Name")) == value:
            return provider.id
    return value


def _managed_instances(value: Any, template: Template) -> bool:
    target = template.target(value)
    return target is not None and target.raw("ManagedInstancesProvider") is not None


CHECK = Check(
    id="EB118",
    title="capacity provider is not associated with the cluster",
    types=("AWS::ECS::Service", _CLUSTER, _ASSOCIATIONS),
    severity=Severity.ERROR,
    fix="add the capacity provider to CapacityProviders of the cluster or its associations",
    judge=_judge,
)
