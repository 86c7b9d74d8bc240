"""A container that may write to its own root filesystem can be changed by an intruder.

Whoever gets a foothold in the application can then replace its programs, or put tools beside them
that stay until the task stops. With a read-only root there is nowhere to put them.

Set ``ReadonlyRootFilesystem: true``, and mount a volume where the application must write (mostly
``/tmp``). ECS Exec needs a writable root, so the two exclude each other. Windows containers cannot
have a read-only root and are not reported.

Source: AWS Security Hub, control ECS.5; Amazon ECS Developer Guide, "Task and container security
best practices".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true
from ecs_blocks.checks.views.parts import Part, each
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers, on_windows

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    if not on_windows(task):
        yield from each(containers(task), _container)


def _container(container: Part) -> Iterator[Fault]:
    if not is_true(container.get("ReadonlyRootFilesystem")):
        place = container.at("ReadonlyRootFilesystem")
        yield Fault(place, "the container may write to its own root filesystem")


CHECK = Check(
    id="EB302",
    title="root filesystem is writable",
    types=(TASK_DEFINITION,),
    severity=Severity.WARNING,
    fix="set ReadonlyRootFilesystem to true and mount a volume where the application writes",
    judge=_judge,
)
