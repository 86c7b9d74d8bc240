"""A deploy may stop tasks that serve requests before their replacements are up.

``MinimumHealthyPercent`` below 100 lets ECS stop that share of a service first. It is meant for
places where there is no room for one task more (a fixed host port, a licence), and there
``MaximumPercent`` is 100: only a minimum of 0 is reported then, since it may stop all of them.
Where ``MaximumPercent`` leaves room, each deploy only makes the service smaller than it was.

Only services behind a load balancer are judged: what answers requests is what is missed.

Source: Amazon ECS API Reference, DeploymentConfiguration (minimumHealthyPercent).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import number, whole
from ecs_blocks.checks.views.tasks import SERVICE, behind_balancer, is_daemon, rolls

if TYPE_CHECKING:
    from collections.abc import Iterator

_MINIMUM: Final = "DeploymentConfiguration.MinimumHealthyPercent"
_MAXIMUM: Final = "DeploymentConfiguration.MaximumPercent"


def _judge(service: Resource, _template: Template) -> Iterator[Fault]:
    minimum = number(whole(service).get(_MINIMUM, 100))
    if minimum is None or minimum >= 100:
        return
    if is_daemon(service) or not rolls(service) or not behind_balancer(service):
        return
    maximum = number(whole(service).get(_MAXIMUM, 200))
    if minimum == 0:
        yield Fault(_MINIMUM, "a deploy may stop every task before a new one answers")
    elif maximum is not None and maximum > 100:
        room = f"MaximumPercent {maximum:g} leaves room to start new ones first"
        yield Fault(_MINIMUM, f"a deploy may run {minimum:g} % of the tasks, though {room}")


CHECK = Check(
    id="EB407",
    title="deploy takes tasks away from a web service",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="set MinimumHealthyPercent to 100",
    judge=_judge,
)
