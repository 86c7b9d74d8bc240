"""ECS takes a container's health check only within narrow bounds, and refuses it outside.

``Interval`` is 5 to 300 seconds, ``Timeout`` 2 to 60, ``Retries`` 1 to 10 and ``StartPeriod`` 0 to
300 seconds. Schemas and linters know the properties and not the bounds, so the deploy is the first
to say it.

Stay within them. An application that takes more than five minutes to start needs more ``Retries``,
or a longer ``Interval``: together they are the time that it gets after ``StartPeriod``.

Source: Amazon ECS API Reference, HealthCheck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each, number
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOUNDS: Final = {
    "Interval": (5, 300, " seconds"),
    "Timeout": (2, 60, " seconds"),
    "Retries": (1, 10, ""),
    "StartPeriod": (0, 300, " seconds"),
}


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    def container(one: Part) -> Iterator[Fault]:
        yield from each(_BOUNDS, lambda name: _bounded(one, name))

    yield from each(containers(task), container)


def _bounded(container: Part, name: str) -> Iterator[Fault]:
    path = f"HealthCheck.{name}"
    given = number(container.get(path))
    low, high, unit = _BOUNDS[name]
    if given is not None and not low <= given <= high:
        yield Fault(container.at(path), f"{name} is {given:g}; allowed: {low} to {high}{unit}")


CHECK = Check(
    id="EB318",
    title="container health check that ECS refuses",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="use a value within the bounds that the message names",
    judge=_judge,
)
