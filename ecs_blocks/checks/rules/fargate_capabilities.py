"""Fargate gives containers no Linux capability beyond Docker's default ones but SYS_PTRACE.

A task definition for Fargate that adds another (``NET_ADMIN`` for a VPN or a firewall,
``SYS_ADMIN`` for a mount) is refused. Dropping capabilities is always possible, and good.

Remove it from ``LinuxParameters.Capabilities.Add``. What cannot do without runs on EC2 capacity.

Source: Amazon ECS API Reference, KernelCapabilities (add).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.parts import Part, each, text
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers, on_fargate
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

_GIVEN: Final = "SYS_PTRACE"


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    def capability(one: Part) -> Iterator[Fault]:
        if is_intrinsic(one.value):
            raise Unknown(one.path)
        name = text(one.value)
        if name and name != _GIVEN and on_fargate(task):
            yield Fault(one.path, f"Fargate does not give {name}; the only one is {_GIVEN}")

    def container(one: Part) -> Iterator[Fault]:
        yield from each(one.items("LinuxParameters.Capabilities.Add"), capability)

    yield from each(containers(task), container)


CHECK = Check(
    id="EB319",
    title="capability that Fargate does not give",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="remove it from Capabilities.Add, or run the task on EC2 capacity",
    judge=_judge,
)
