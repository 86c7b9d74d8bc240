"""Two containers of one task cannot have the same name.

Services, dependencies, logs and ``ecs exec`` all find a container by its name, so ECS refuses a
task definition in which a name stands twice.

Source: Amazon ECS API Reference, ContainerDefinition (name).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each, text
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    seen: dict[str, str] = {}

    def container(one: Part) -> Iterator[Fault]:
        name = text(one.get("Name"))
        if name and name in seen:
            yield Fault(one.at("Name"), f"the name {name!r} already belongs to {seen[name]}")
        seen.setdefault(name, one.path)

    yield from each(containers(task), container)


CHECK = Check(
    id="EB310",
    title="container name stands twice",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="give every container of the task a name of its own",
    judge=_judge,
)
