"""A privileged container is root on the instance that runs it.

``Privileged: true`` gives the container every Linux capability and every device of the host:
whoever breaks out of the application owns the instance, and every other task on it. Fargate
refuses it, so on Fargate the deploy fails as well.

Leave ``Privileged`` out, and add the one capability that is needed under
``LinuxParameters.Capabilities.Add``.

Source: Amazon ECS Developer Guide, "Task and container security best practices".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    for path, _ in task.items("ContainerDefinitions"):
        if is_true(task.get(f"{path}.Privileged")):
            yield Fault(f"{path}.Privileged", "the container runs with every right of the host")


CHECK = Check(
    id="EB301",
    title="container is privileged",
    types=("AWS::ECS::TaskDefinition",),
    severity=Severity.ERROR,
    fix="leave Privileged out; add single capabilities under LinuxParameters.Capabilities.Add",
    judge=_judge,
)
