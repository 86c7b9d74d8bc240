"""The rules of the company, for every stack of this repository."""

from troposphere import Tags, ecr, ecs, logs

import ecs_blocks as eb


def every_stack(stack: eb.Stack) -> None:
    """Logs have the audit's key, tasks no swap, services a team; images stay for the audit."""
    for group in stack.every(logs.LogGroup):
        group.KmsKeyId = "{{resolve:ssm:/company/log-key-arn}}"
    for task in stack.every(ecs.TaskDefinition):
        for container in task.ContainerDefinitions:
            container.LinuxParameters.Swappiness = 0
    for service in stack.every(ecs.Service):
        service.Tags = Tags(Team=stack.env.app)
    for repository in stack.every(ecr.Repository):
        repository.EmptyOnDelete = False
