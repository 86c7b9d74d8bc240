"""A container that waits for, links to or mounts from one that does not exist is refused.

``DependsOn``, ``Links`` and ``VolumesFrom`` name other containers of the same task definition.
After a container is renamed or removed, the old name is easily left behind in one of them.

Source: Amazon ECS API Reference, ContainerDefinition (dependsOn, links, volumesFrom).
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.parts import Part, each, text
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, container_named, containers
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    def container(one: Part) -> Iterator[Fault]:
        yield from each(one.items("DependsOn"), lambda other: named(other, "ContainerName"))
        yield from each(one.items("VolumesFrom"), lambda other: named(other, "SourceContainer"))
        yield from each(one.items("Links"), link)

    def named(other: Part, key: str) -> Iterator[Fault]:
        yield from known(other.at(key), text(other.get(key)))

    def link(other: Part) -> Iterator[Fault]:
        if is_intrinsic(other.value):
            raise Unknown(other.path)
        yield from known(other.path, text(other.value).split(":", 1)[0])

    def known(place: str, name: str) -> Iterator[Fault]:
        if name and container_named(task, name) is None:
            near = get_close_matches(name, [text(one.raw("Name")) for one in containers(task)], 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield Fault(place, f"the task has no container {name!r}{hint}")

    yield from each(containers(task), container)


CHECK = Check(
    id="EB311",
    title="container refers to one that does not exist",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="name a container of this task definition, or remove the reference",
    judge=_judge,
)
