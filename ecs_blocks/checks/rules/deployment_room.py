"""A rolling update needs room: to start one task more, or to stop one first.

With ``MinimumHealthyPercent`` 100 and ``MaximumPercent`` 100 neither is allowed, and ECS refuses
the service: "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block
deployments". The minimum is 100 where nothing is said.

ECS rounds the maximum down and the minimum up: with ``MaximumPercent`` 150 the one task of a
service may neither be joined by a second nor stop. Nothing fails, so the circuit breaker sees
nothing, and the deployment waits until CloudFormation gives up after hours.

Source: Amazon ECS API Reference, DeploymentConfiguration.
"""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import number, whole
from ecs_blocks.checks.views.tasks import SERVICE, is_daemon, rolls, scaled_by

if TYPE_CHECKING:
    from collections.abc import Iterator

_MINIMUM: Final = "DeploymentConfiguration.MinimumHealthyPercent"
_MAXIMUM: Final = "DeploymentConfiguration.MaximumPercent"


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    maximum = number(whole(service).get(_MAXIMUM))
    if maximum is None or maximum >= 200 or is_daemon(service) or not rolls(service):
        return
    tasks = _tasks(service, template)
    if maximum > 100 and not tasks:
        return
    minimum = number(whole(service).get(_MINIMUM, 100))
    if minimum is None:
        return
    message = f"MaximumPercent {maximum:g} with MinimumHealthyPercent {minimum:g}"
    if maximum <= 100 <= minimum:
        yield Fault(_MAXIMUM, f"{message} lets no task start or stop")
    elif tasks and floor(tasks * maximum / 100) <= tasks <= ceil(tasks * minimum / 100):
        rounded = "ECS rounds the first down and the second up"
        yield Fault(_MAXIMUM, f"{message} of {tasks:g} lets no task start or stop: {rounded}")


def _tasks(service: Resource, template: Template) -> float:
    """How many run at least, by the scalable target or the service itself; 0 where unknown."""
    least = [number(one.raw("MinCapacity")) for one in scaled_by(service, template)]
    return next((one for one in [*least, number(service.raw("DesiredCount"))] if one), 0)


CHECK = Check(
    id="EB408",
    title="deploy has no room to replace a task",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="raise MaximumPercent (200), or lower MinimumHealthyPercent where nothing more fits",
    judge=_judge,
)
