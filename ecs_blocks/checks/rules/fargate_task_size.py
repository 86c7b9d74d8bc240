"""Fargate has a fixed list of task sizes; any other pair of CPU and memory fails the deploy.

RegisterTaskDefinition answers "No Fargate configuration exists for given values". The pair is
checked in every environment, so a size that only production has is found before it is deployed.

Take one of the sizes that the message names. Both ``Cpu`` and ``Memory`` stand at the task, not
only at its containers. Windows containers have 1, 2 and 4 vCPU.

Source: Amazon ECS Developer Guide, "Troubleshoot Amazon ECS task definition invalid CPU or memory
errors".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.facts.fargate_sizes import WINDOWS_CPUS, nearest, parsed
from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import each, whole
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, on_fargate, on_windows
from ecs_blocks.fargate import MEMORY_MIB

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    if not on_fargate(task):
        return
    faults = list(each(("Cpu", "Memory"), lambda name: _size(task, name)))
    yield from faults or _pair(task)


def _size(task: Resource, name: str) -> Iterator[Fault]:
    given = whole(task).get(name)
    if given is None:
        yield Fault(name, f"{name} is not set at the task, and Fargate needs it")
    elif parsed(given) is None:
        yield Fault(name, f"{given!r} is not a size")


def _pair(task: Resource) -> Iterator[Fault]:
    cpu, memory = parsed(task.get("Cpu")) or 0, parsed(task.get("Memory")) or 0
    windows = on_windows(task)
    cpus = WINDOWS_CPUS if windows else frozenset(MEMORY_MIB)
    if cpu in cpus and memory in MEMORY_MIB[cpu]:
        return
    wrong = "Memory" if cpu in cpus else "Cpu"
    near = ", ".join(f"{c} with {m}" for c, m in nearest(cpu, memory, cpus))
    system = " for Windows" if windows else ""
    message = f"Cpu {cpu} with Memory {memory} does not exist on Fargate{system}; nearest: {near}"
    yield Fault(wrong, message)


CHECK = Check(
    id="EB308",
    title="task size does not exist on Fargate",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="take one of the sizes that the message names",
    judge=_judge,
)
