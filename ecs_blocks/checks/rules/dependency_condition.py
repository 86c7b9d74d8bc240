"""A container can wait only for what the other one is able to do.

``HEALTHY`` needs a ``HealthCheck`` in the task definition of the container that is waited for (ECS
does not look at a health check inside the image). ``COMPLETE`` and ``SUCCESS`` wait for its end,
and the end of an essential container ends the task: they need ``Essential: false`` there.

Source: Amazon ECS API Reference, ContainerDependency (condition).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true
from ecs_blocks.checks.views.parts import Part, each, text
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, container_named, containers

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDS: Final = frozenset({"COMPLETE", "SUCCESS"})


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    def dependency(one: Part) -> Iterator[Fault]:
        name, condition = text(one.get("ContainerName")), text(one.get("Condition"))
        other = container_named(task, name)
        if other is None:
            return
        place = one.at("Condition")
        if condition == "HEALTHY" and not other.raw("HealthCheck"):
            yield Fault(place, f"waits until {name!r} is healthy, and {name!r} has no HealthCheck")
        if condition in _ENDS and is_true(other.get("Essential", default=True)):
            yield Fault(place, f"waits for the end of {name!r}, and {name!r} is essential")

    yield from each(containers(task), lambda one: each(one.items("DependsOn"), dependency))


CHECK = Check(
    id="EB312",
    title="container waits for what cannot happen",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="give the other container a HealthCheck (HEALTHY) or Essential false (COMPLETE, SUCCESS)",
    judge=_judge,
)
