"""A container can only mount a volume that the task declares.

``MountPoints[].SourceVolume`` names one of the task's ``Volumes``. After one of the two is renamed
RegisterTaskDefinition answers "Unknown volume", and the deploy fails.

Name the volume under ``Volumes`` of the task, or correct ``SourceVolume``. A volume of the task's
own disk needs nothing but its name: ``Volumes: [{Name: tmp}]``.

Source: Amazon ECS API Reference, MountPoint (sourceVolume).
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.parts import Part, each, parts, text
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    def mount(one: Part) -> Iterator[Fault]:
        wanted = text(one.get("SourceVolume"))
        if wanted and wanted not in (known := _names(task, wanted)):
            near = get_close_matches(wanted, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield Fault(one.at("SourceVolume"), f"the task has no volume {wanted!r}{hint}")

    yield from each(containers(task), lambda one: each(one.items("MountPoints"), mount))


def _names(task: Resource, wanted: str) -> list[str]:
    """The names of the task's volumes.

    Raises:
        Unknown: none that is known is *wanted*, and not all are known.
    """
    known: list[str] = []
    unknown: str | None = None
    for volume in parts(task, "Volumes"):
        if is_intrinsic(volume.value) or is_intrinsic(volume.raw("Name")):
            unknown = unknown or volume.at("Name")
        else:
            known.append(text(volume.raw("Name")))
    if unknown is not None and wanted not in known:
        raise Unknown(unknown)
    return known


CHECK = Check(
    id="EB317",
    title="container mounts a volume that does not exist",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="declare the volume under Volumes of the task, or correct SourceVolume",
    judge=_judge,
)
