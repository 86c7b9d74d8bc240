"""ECS Exec opens a root shell in every container to whoever may call ExecuteCommand.

It also gives the task role a channel to Systems Manager, keeps a writable root filesystem alive,
and changes containers behind the back of the template. It is a tool for a fault, not a state to
leave a service in.

Let ``EnableExecuteCommand`` be a value that is false, and true for the time of an investigation,
in an environment where that is acceptable, with sessions logged by the cluster:
``Exec(enabled=env.exec_enabled, …)``. Say false rather than nothing: a service keeps what it is
told nothing of. While it is true this check reminds of it; where it is to stay open, say why.

Source: Amazon ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true
from ecs_blocks.checks.views.tasks import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(service: Resource, _template: Template) -> Iterator[Fault]:
    if is_true(service.get("EnableExecuteCommand")):
        yield Fault("EnableExecuteCommand", "a shell can be opened in every container")


CHECK = Check(
    id="EB403",
    title="ECS Exec is enabled",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="set EnableExecuteCommand to false, and to true only while a fault is looked into",
    judge=_judge,
)
