"""Without Container Insights a cluster shows CPU and memory, and nothing of why tasks stop.

Enhanced Container Insights gives metrics per task and per container: restarts, health status,
running against desired tasks. With ``enabled``, the older kind, they stop at the service, so the
one task that leaks memory is lost in an average. Left out, the account's setting decides, which is
off unless someone turned it on.

Set ``ClusterSettings: [{Name: containerInsights, Value: enhanced}]``. It is billed by the metric:
where that is too much, suppress this check with that as the reason.

Source: Amazon ECS Developer Guide, "Monitor Amazon ECS containers using Container Insights with
enhanced observability".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(cluster: Resource, _template: Template) -> Iterator[Fault]:
    for path, _ in cluster.items("ClusterSettings"):
        if cluster.get(f"{path}.Name") != "containerInsights":
            continue
        value = cluster.get(f"{path}.Value")
        if value in ("enabled", "disabled"):
            yield Fault(f"{path}.Value", f"Container Insights is {value}, not enhanced")
        return
    yield Fault("ClusterSettings", "Container Insights is left to the setting of the account")


CHECK = Check(
    id="EB101",
    title="Container Insights is not enhanced",
    types=("AWS::ECS::Cluster",),
    severity=Severity.WARNING,
    fix="set ClusterSettings to Name: containerInsights, Value: enhanced",
    judge=_judge,
)
