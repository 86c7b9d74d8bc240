"""Without an execution role ECS may not fetch what the task needs before it starts.

The secrets under ``Secrets`` and ``SecretOptions``, the password of a private registry, and on
Fargate the image from ECR and the log stream, are all fetched with the *execution* role (the task
role is the application's). RegisterTaskDefinition refuses the task definition without one.

Set ``ExecutionRoleArn`` to a role that ``ecs-tasks.amazonaws.com`` may assume and that may read
just these.

Source: Amazon ECS Developer Guide, "Amazon ECS task execution IAM role".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each, literal
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers, on_fargate

if TYPE_CHECKING:
    from collections.abc import Iterator

_ECR: Final = re.compile(r"\d{12}\.dkr[.-]ecr[.-]")


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    if task.raw("ExecutionRoleArn"):
        return

    def container(one: Part) -> Iterator[Fault]:
        needs = next(_needs(one, fargate=on_fargate(task)), None)
        if needs is not None:
            name = f"container {one.raw('Name')!r}"
            yield Fault("ExecutionRoleArn", f"ExecutionRoleArn is not set, and {name} {needs}")

    yield from each(containers(task), container)


def _needs(container: Part, *, fargate: bool) -> Iterator[str]:
    if container.get("Secrets") or container.get("LogConfiguration.SecretOptions"):
        yield "has secrets"
    if container.raw("RepositoryCredentials"):
        yield "has repository credentials"
    if fargate and container.get("LogConfiguration.LogDriver") == "awslogs":
        yield "writes to awslogs on Fargate"
    if fargate and _ECR.match(literal(container.raw("Image"))):
        yield "has an image from ECR on Fargate"


CHECK = Check(
    id="EB309",
    title="task needs an execution role",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="set ExecutionRoleArn to a role that may read exactly what the task needs to start",
    judge=_judge,
)
