"""The task as environment.yaml describes it, and what its stack tells others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.blocks.security_group import group_id
from ecs_blocks.blocks.task import Task
from ecs_blocks.values import ref

if TYPE_CHECKING:
    from ecs_blocks.blocks.task import TaskHandle
    from ecs_blocks.blocks.task_environment import TaskEnvironment
    from ecs_blocks.blocks.task_size import Architecture
    from ecs_blocks.templates.stack import Scope


def standard_task(env: TaskEnvironment, *, architecture: Architecture, **given: Any) -> Task:
    """The task of *env*; *given* are further arguments of ``Task``, where None is the default."""
    return Task(
        image=env.image,
        images=env.images,
        size=env.size(architecture),
        log_retention_days=env.log_retention_days,
        log_key_arn=env.key_arn,
        roles=env.roles(),
        **{name: value for name, value in given.items() if value is not None},
    )


def task_outputs(scope: Scope, task: TaskHandle, group: Any | None) -> None:
    """Give the stack the outputs that others look up of a task; *group* is its security group."""
    if group is not None:
        scope.output("SecurityGroupId", group_id(group), "the tasks, for a database to let in")
    scope.output("TaskRoleArn", task.role_arn, "what the application acts as")
    scope.output("LogGroupName", ref(task.log_group.title), "where the application's log is")
