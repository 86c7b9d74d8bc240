"""A task in the host's process or IPC namespace sees what other tasks on the instance do.

With ``PidMode: host`` the containers see every process of the instance, with its command line and
environment, and may signal it. With ``IpcMode: host`` they share memory segments with everything
that runs there. On Fargate neither exists, so there the deploy fails as well.

Leave both out. Where the containers of one task must see each other, ``task`` is enough.

Source: AWS Security Hub, control ECS.3; Amazon ECS API Reference, RegisterTaskDefinition
(pidMode, ipcMode).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.tasks import TASK_DEFINITION

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARED: Final = {
    "PidMode": "the containers see and may signal every process of the instance",
    "IpcMode": "the containers share memory with everything else on the instance",
}


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    def namespace(name: str) -> Iterator[Fault]:
        if task.get(name) == "host":
            yield Fault(name, f"{name} is host: {_SHARED[name]}")

    yield from each(_SHARED, namespace)


CHECK = Check(
    id="EB304",
    title="task shares the host's process or IPC namespace",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="leave PidMode and IpcMode out, or use 'task' to share within the task only",
    judge=_judge,
)
