"""A container without a log configuration leaves nothing behind when it fails.

On Fargate its output goes nowhere. On an EC2 instance it stays in a file of the Docker daemon that
is lost with the instance. The next incident is then analysed without a single line.

Give every container a ``LogConfiguration``, sidecars too: ``awslogs`` with a log group, or
``awsfirelens``.

Source: AWS Security Hub, control ECS.9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    yield from each(containers(task), _container)


def _container(container: Part) -> Iterator[Fault]:
    if not container.get("LogConfiguration"):
        yield Fault(container.at("LogConfiguration"), "what the container writes is kept nowhere")


CHECK = Check(
    id="EB306",
    title="container has no log configuration",
    types=(TASK_DEFINITION,),
    severity=Severity.WARNING,
    fix="set LogConfiguration, as awslogs with a log group of the stack",
    judge=_judge,
)
