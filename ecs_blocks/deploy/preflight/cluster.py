"""The ECS cluster is active, and has the capacity providers that services ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap, fact, problem, skipped, warning
from ecs_blocks.deploy.preflight.template import items, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_BATCH = 100
"""What DescribeClusters takes at once."""


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every cluster that a service of the template names and the template does not make."""
    own = {text(p.get("ClusterName")) for _, p in subject.of_type("AWS::ECS::Cluster")}
    wanted: dict[str, dict[str, Any]] = {}
    for logical_id, properties in subject.of_type("AWS::ECS::Service"):
        cluster = text(properties.get("Cluster", "default"))
        if cluster and cluster not in own:
            wanted.setdefault(cluster, {})[logical_id] = properties
    if not wanted:
        return
    answer = ask(
        "ecs:DescribeClusters",
        aws.client("ecs").describe_clusters,
        clusters=list(wanted)[:_BATCH],
    )
    if isinstance(answer, Gap):
        yield skipped(", ".join(f"cluster {name}" for name in wanted), answer)
        return
    there = {name: one for one in answer["clusters"] for name in _names(one)}
    for name, services in wanted.items():
        yield from _cluster(subject, name, there.get(name), services)


def _names(cluster: Mapping[str, Any]) -> tuple[str, str]:
    return str(cluster["clusterName"]), str(cluster["clusterArn"])


def _cluster(
    subject: Subject, name: str, there: Mapping[str, Any] | None, services: Mapping[str, Any]
) -> Iterator[Finding]:
    where = f"cluster {name}"
    users = ", ".join(services)
    status = str(there.get("status", "")) if there else ""
    if there is None or status == "INACTIVE":
        message = f"there is no such cluster; it is for {users}"
        hint = f"deploy the stack that makes it first, say: {subject.deploy('cluster')}"
        yield problem(where, message, hint)
        return
    if status != "ACTIVE":
        yield problem(where, f"the cluster is {status}, not ACTIVE", "wait, or see why")
        return
    providers = set(there.get("capacityProviders", ()))
    for logical_id, properties in services.items():
        strategy = items(properties.get("CapacityProviderStrategy"))
        missing = {text(one.get("CapacityProvider")) for one in strategy} - providers - {""}
        if missing:
            listed = ", ".join(sorted(providers)) or "none"
            message = (
                f"its capacity provider {', '.join(sorted(missing))} is not one of the cluster "
                f"{name}, which has {listed}"
            )
            yield problem(
                logical_id, message, f"add it there first, say: {subject.deploy('cluster')}"
            )
        elif _has_no_instance(properties, there):
            message = f"the cluster {name} has no instance and no default capacity provider"
            yield warning(logical_id, f"{message}: no task would find a place")
    running = there.get("runningTasksCount")
    tasks = "1 task runs" if running == 1 else f"{running} tasks run"
    yield fact(where, "ACTIVE" if running is None else f"ACTIVE, {tasks} on it")


def _has_no_instance(properties: Mapping[str, Any], cluster: Mapping[str, Any]) -> bool:
    is_for_instances = properties.get("LaunchType", "EC2") == "EC2"
    return (
        is_for_instances
        and not properties.get("CapacityProviderStrategy")
        and not cluster.get("defaultCapacityProviderStrategy")
        and cluster.get("registeredContainerInstancesCount") == 0
    )
