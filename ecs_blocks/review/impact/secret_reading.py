"""Whether ECS may read the secrets that a task names: what the check EB613 says, of what changes.

ECS reads them with the execution role before a container runs; where it may not, no task starts.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.execution_role import PATH, lacking
from ecs_blocks.checks.views.parts import text
from ecs_blocks.checks.views.task_secrets import secret_need, secrets_named
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed, verb, words
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template
    from ecs_blocks.checks.views.parts import Part
    from ecs_blocks.checks.views.task_secrets import Named
    from ecs_blocks.review.impact.subject import Subject

_OF_ROLE: Final = "that role is not in this template, or not all of it can be read"
_OF_SECRET: Final = "which one that is, is not known yet"  # noqa: S105 - words about one


class _Read(Struct, frozen=True):
    """A secret that a task names, in a form that two templates have in common.

    ``lacks`` is what the execution role is not allowed, ``unknown`` why that cannot be said; both
    are empty where it may read it.
    """

    container: str
    name: str
    source: Hashable
    lacks: str = ""
    unknown: str = ""


def unreadable_secrets(subject: Subject) -> Iterator[Finding]:
    """A finding for each task definition that from now on names what it may not read."""
    for task, new in _new_reads(subject):
        for lacks in dict.fromkeys(one.lacks for one in new if one.lacks):
            names = [one.name for one in new if one.lacks == lacks]
            them = verb(names, "the secret for", "the secrets for")
            yield Finding(
                kind="blocked",
                weight=Weight.APPROVAL,
                text=(
                    f"{task.id}: no new task can start: its execution role may not read {them} "
                    f"{listed(names)}"
                ),
                details=(lacks,),
                about=(task.id,),
            )


def unknown_readings(subject: Subject) -> Iterator[str]:
    """Which secrets are named anew, of which nobody can say here whether they may be read."""
    for task, new in _new_reads(subject):
        for why in dict.fromkeys(one.unknown for one in new if one.unknown):
            names = [one.name for one in new if one.unknown == why]
            them = verb(names, "the secret for", "the secrets for")
            yield (
                f"whether the execution role of {task.id} may read {them} {listed(names)}: {why}"
            )


def _new_reads(subject: Subject) -> Iterator[tuple[Resource, list[_Read]]]:
    """Those of each task definition that were not read in the same way before."""
    for task in subject.after.of_type(TASK_DEFINITION):
        before = subject.before.resources.get(task.id)
        is_there = before is not None and before.type == TASK_DEFINITION
        known = set(_reads(before, subject.before)) if before is not None and is_there else set()
        yield task, [one for one in _reads(task, subject.after) if one not in known]


def _reads(task: Resource, template: Template) -> Iterator[_Read]:
    try:
        for container in containers(task):
            for named in secrets_named(container):
                yield _read(task, template, container, named)
    except Unknown:
        return  # ``unknowns`` and ``configuration`` tell of containers that are not known


def _read(task: Resource, template: Template, container: Part, named: Named) -> _Read:
    lacks = unknown = ""
    try:
        need = secret_need(named, template)
        faults = list(lacking(task, template, [need])) if need is not None else []
        lacks = "; ".join(fault.message for fault in faults)
    except Unknown as found:
        unknown = _OF_ROLE if found.property == PATH else _OF_SECRET
    name = text(container.raw("Name"))
    return _Read(name, named.name or named.path, words(named.value), lacks, unknown)
