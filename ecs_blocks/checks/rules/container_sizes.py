"""Containers cannot have more CPU or memory than the task that they are in.

RegisterTaskDefinition refuses a container whose ``Memory`` is above the task's ("The 'memory'
setting for container is greater than for the task"), containers whose ``Cpu`` adds up to more than
the task's, and containers that reserve more memory together than the task has. A container's
reservation is ``MemoryReservation``, and ``Memory`` where there is none; it cannot be above its own
``Memory``. A task without ``Memory`` needs one of the two at each container.

Raise the size of the task, or lower what its containers ask for. On Fargate they may leave both
out. For Windows containers ECS ignores the task's size, and it is not compared.

Source: Amazon ECS API Reference, ContainerDefinition (cpu, memory, memoryReservation); aws/aws-cdk
issue 24629.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.facts.fargate_sizes import parsed
from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.parts import Part, each, number, parts, whole
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers, on_fargate, on_windows
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

_HARD: Final = "Memory"
_SOFT: Final = "MemoryReservation"


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    yield from each((_own, _limits, _sums), lambda judge: judge(task))


def _own(task: Resource) -> Iterator[Fault]:
    def container(one: Part) -> Iterator[Fault]:
        if one.raw(_HARD) is None and one.raw(_SOFT) is None:
            if _needs_memory(task):
                message = f"neither {_HARD} nor {_SOFT} is set, and the task has no {_HARD}"
                yield Fault(one.at(_HARD), message)
            return
        if one.raw(_HARD) is None or one.raw(_SOFT) is None:
            return
        hard, soft = number(one.get(_HARD)), number(one.get(_SOFT))
        if hard and soft and soft > hard:
            yield Fault(
                one.at(_SOFT), f"{_SOFT} {soft:g} is above the container's {_HARD} {hard:g}"
            )

    yield from each(containers(task), container)


def _needs_memory(task: Resource) -> bool:
    if task.raw(_HARD) is not None or on_fargate(task):
        return False  # Fargate: EB308
    return all(one.value != "MANAGED_INSTANCES" for one in parts(task, "RequiresCompatibilities"))


def _limits(task: Resource) -> Iterator[Fault]:
    limit = _size(task, _HARD)

    def container(one: Part) -> Iterator[Fault]:
        hard = number(one.get(_HARD)) if limit is not None else None
        if limit is not None and hard is not None and hard > limit:
            yield Fault(one.at(_HARD), f"{_HARD} {hard:g} is above the task's, which is {limit}")

    yield from each(containers(task), container)


def _sums(task: Resource) -> Iterator[Fault]:
    def total(name: str) -> Iterator[Fault]:
        limit = _size(task, name)
        if limit is None:
            return
        if name == _HARD and any(_hard(one) > limit for one in containers(task)):
            return  # it is told already
        keys = ("Cpu",) if name == "Cpu" else (_SOFT, _HARD)
        asked, unknown = _asked(task, keys)
        if asked > limit:
            yield Fault(name, f"the containers reserve {asked:g} together; the task has {limit}")
        elif unknown is not None:
            raise Unknown(unknown)

    yield from each(("Cpu", _HARD), total)


def _hard(container: Part) -> float:
    return 0.0 if is_intrinsic(container.value) else number(container.raw(_HARD)) or 0.0


def _asked(task: Resource, keys: tuple[str, ...]) -> tuple[float, str | None]:
    """What the containers reserve that is known, and the path of what is not known."""
    known, unknown = 0.0, None
    for one in containers(task):
        try:
            known += next(filter(None, (number(one.get(key)) for key in keys)), 0.0)
        except Unknown as found:
            unknown = unknown or found.property
    return known, unknown


def _size(task: Resource, name: str) -> int | None:
    return None if on_windows(task) else parsed(whole(task).get(name))


CHECK = Check(
    id="EB316",
    title="containers do not fit into their task",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="raise the size of the task, or lower what its containers reserve",
    judge=_judge,
)
