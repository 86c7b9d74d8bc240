"""A cluster has one setting, ``containerInsights``, and it takes one of three values.

CloudFormation's schema lets any text through for both the name and the value; ECS refuses it when
the stack is deployed. The values are ``enhanced``, ``enabled`` and ``disabled``, in lower case.

Source: Amazon ECS API Reference, ClusterSetting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = "containerInsights"
_VALUES: Final = ("enhanced", "enabled", "disabled")


def _judge(cluster: Resource, _template: Template) -> Iterator[Fault]:
    for path, _ in cluster.items("ClusterSettings"):
        name = cluster.get(f"{path}.Name")
        if name != _NAME:
            yield Fault(f"{path}.Name", f"{name!r} is no cluster setting; there is only {_NAME!r}")
            continue
        value = cluster.get(f"{path}.Value")
        if value not in _VALUES:
            allowed = ", ".join(_VALUES)
            yield Fault(f"{path}.Value", f"{value!r} is no value of {_NAME}; allowed: {allowed}")


CHECK = Check(
    id="EB102",
    title="cluster setting that ECS does not know",
    types=("AWS::ECS::Cluster",),
    severity=Severity.ERROR,
    fix="use the name containerInsights and one of enhanced, enabled, disabled",
    judge=_judge,
)
