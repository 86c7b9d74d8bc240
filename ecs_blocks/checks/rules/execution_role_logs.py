"""A task whose execution role may not write its log does not start.

The awslogs driver makes a log stream for each container before the container runs, with the
execution role. Without ``logs:CreateLogStream`` and ``logs:PutLogEvents`` on the streams of that
log group ECS stops the task with ResourceInitializationError.

Allow both on ``Fn::GetAtt: [LogGroup, Arn]``. That ARN ends in ``:*``; written by hand without it,
it means the group and none of its streams.

Source: Amazon ECS Developer Guide, "Send Amazon ECS logs to CloudWatch".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true
from ecs_blocks.checks.views.execution_role import Need, lacking
from ecs_blocks.checks.views.parts import each
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers
from ecs_blocks.checks.views.texts import settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.views.parts import Part

_ACTIONS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")


def _judge(task: Resource, template: Template) -> Iterator[Fault]:
    def container(one: Part) -> Iterator[Fault]:
        yield from lacking(task, template, _needs(one, template))

    yield from each(containers(task), container)


def _needs(container: Part, template: Template) -> Iterator[Need]:
    if container.get("LogConfiguration.LogDriver") != "awslogs":
        return
    options = container.get("LogConfiguration.Options", {})
    if not isinstance(options, dict) or "awslogs-group" not in options:
        return
    path = container.at("LogConfiguration.Options.awslogs-group")
    group = settled(options["awslogs-group"], template, path)
    actions: tuple[str, ...] = _ACTIONS
    if is_true(options.get("awslogs-create-group")):
        actions = ("logs:CreateLogGroup", *_ACTIONS)
    arn = f"arn:${{P}}:logs:${{R}}:${{A}}:log-group:{group}:log-stream:one"
    yield Need(path, actions, arn, f"the log group {group}")


CHECK = Check(
    id="EB611",
    title="execution role may not write the log",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="allow CreateLogStream and PutLogEvents on the ARN of the log group",
    judge=_judge,
)
