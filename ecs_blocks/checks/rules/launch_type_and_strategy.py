"""A service has a launch type or a capacity provider strategy; with both it is refused.

CreateService answers "Specifying both a launch type and capacity provider strategy is not
supported".

Keep ``CapacityProviderStrategy``: a strategy can be changed later without replacing the service,
and it is the only way to Fargate Spot and to managed scaling of EC2 instances.

Source: Amazon ECS API Reference, CreateService (launchType, capacityProviderStrategy).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import as_items, whole
from ecs_blocks.checks.views.tasks import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(service: Resource, _template: Template) -> Iterator[Fault]:
    launch_type = service.raw("LaunchType")
    if launch_type and as_items(whole(service).get("CapacityProviderStrategy")):
        given = launch_type if isinstance(launch_type, str) else "set"
        yield Fault("LaunchType", f"LaunchType is {given}, and there is a strategy as well")


CHECK = Check(
    id="EB406",
    title="service has a launch type and a strategy",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="remove LaunchType and keep CapacityProviderStrategy",
    judge=_judge,
)
