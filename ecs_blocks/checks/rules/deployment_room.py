"""A rolling update needs room: to start one task more, or to stop one first.

With ``MinimumHealthyPercent`` 100 and ``MaximumPercent`` 100 neither is allowed, and ECS refuses
the service: "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block
deployments". The minimum is 100 where nothing is said.

Source: Amazon ECS API Reference, DeploymentConfiguration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import number, whole
from ecs_blocks.checks.views.tasks import SERVICE, is_daemon, rolls

if TYPE_CHECKING:
    from collections.abc import Iterator

_MINIMUM: Final = "DeploymentConfiguration.MinimumHealthyPercent"
_MAXIMUM: Final = "DeploymentConfiguration.MaximumPercent"


def _judge(service: Resource, _template: Template) -> Iterator[Fault]:
    maximum = number(whole(service).get(_MAXIMUM))
    if maximum is None or maximum > 100 or is_daemon(service) or not rolls(service):
        return
    minimum = number(whole(service).get(_MINIMUM, 100))
    if minimum is not None and minimum >= 100:
        message = f"MaximumPercent {maximum:g} with MinimumHealthyPercent {minimum:g}"
        yield Fault(_MAXIMUM, f"{message} lets no task start or stop")


CHECK = Check(
    id="EB408",
    title="deploy has no room to replace a task",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="raise MaximumPercent (200), or lower MinimumHealthyPercent where nothing more fits",
    judge=_judge,
)
