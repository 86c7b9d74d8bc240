"""A task whose execution role may not read its secrets does not start.

ECS reads what ``Secrets`` and ``SecretOptions`` name with the execution role, not with the task's
own, before the container runs: ``ssm:GetParameters`` for a parameter (``GetParameter`` will not
do), ``secretsmanager:GetSecretValue`` for a secret. Without it the task stops with
ResourceInitializationError. A key of your own needs ``kms:Decrypt`` as well.

Allow the action on exactly these parameters and secrets.

Source: Amazon ECS Developer Guide, "Pass sensitive data to an Amazon ECS container".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.execution_role import lacking
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.task_secrets import secret_need, secrets_named
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.views.parts import Part


def _judge(task: Resource, template: Template) -> Iterator[Fault]:
    def container(one: Part) -> Iterator[Fault]:
        needs = (secret_need(named, template) for named in secrets_named(one))
        yield from lacking(task, template, (need for need in needs if need is not None))

    yield from each(containers(task), container)


CHECK = Check(
    id="EB613",
    title="execution role may not read the secrets",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="allow ssm:GetParameters or secretsmanager:GetSecretValue on what the task names",
    judge=_judge,
)
