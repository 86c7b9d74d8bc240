"""A grace period without a health check to ignore does nothing.

``HealthCheckGracePeriodSeconds`` makes ECS ignore failing checks of the load balancer, of VPC
Lattice and of the container for a time after a task has started. Where a service has none of them
the slow start that somebody wanted to allow for is not allowed for; older versions of ECS refused
such a service.

Give the container a ``HealthCheck`` (its ``StartPeriod`` is the better place), or remove the
setting.

Source: Amazon ECS API Reference, CreateService (healthCheckGracePeriodSeconds).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.parts import elsewhere, number, whole
from ecs_blocks.checks.views.tasks import SERVICE, containers, task_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "HealthCheckGracePeriodSeconds"
_CHECKED: Final = ("LoadBalancers", "VpcLatticeConfigurations", "GatewayConnectors")


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    seconds = number(service.get(_PLACE))
    if not seconds or any(whole(service).get(name) for name in _CHECKED):
        return
    task = task_of(service, template)
    if task is None:
        raise Unknown("TaskDefinition")
    with elsewhere("TaskDefinition"):
        checked = any(one.raw("HealthCheck") for one in containers(task))
    if not checked:
        yield Fault(_PLACE, f"{seconds:g} seconds of grace, and no health check to ignore")


CHECK = Check(
    id="EB405",
    title="grace period has nothing to wait for",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="give the container a HealthCheck with a StartPeriod, or remove the grace period",
    judge=_judge,
)
