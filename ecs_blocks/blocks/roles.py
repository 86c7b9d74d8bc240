"""The two roles of a task: made by the block, or brought along."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import iam

from ecs_blocks import policies
from ecs_blocks.blocks.environment_file import read_files
from ecs_blocks.blocks.task_secret import Secret, SsmParameter
from ecs_blocks.errors import BlockError
from ecs_blocks.values import Token, Value, get_att

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.blocks.environment_file import EnvironmentFile
    from ecs_blocks.blocks.task_secret import AnySecret

_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\x21-\x7e]{1,576}")


class ExistingRole(Struct, frozen=True):
    """A role that is there already, by its ARN. Nothing is attached to it.

    ``ecs-tasks.amazonaws.com`` has to be allowed to become it, and whoever deploys to pass it on
    (``iam:PassRole``).
    """

    arn: Value[str]

    def __post_init__(self) -> None:
        if not isinstance(self.arn, Token) and not _ROLE.fullmatch(self.arn):
            raise BlockError(
                f"{self.arn!r} is no role's ARN; it is like arn:aws:iam::123456789012:role/shop"
            )


class Roles(Struct, frozen=True, kw_only=True):
    """What a task acts as; what is not given is made, with the least that it needs.

    Attributes:
        task: what the application itself acts as. ``task_policies``, and with them grants, need a
            role that the block makes. What else it needs, it has to allow already: ECS Exec
            ``ssmmessages:CreateControlChannel``, ``ssmmessages:CreateDataChannel``,
            ``ssmmessages:OpenControlChannel``, ``ssmmessages:OpenDataChannel`` and
            ``logs:DescribeLogGroups`` on all, ``logs:CreateLogStream``, ``logs:DescribeLogStreams``
            and ``logs:PutLogEvents`` on the group of the sessions, ``kms:Decrypt`` on its key; an
            ``EfsVolume`` ``elasticfilesystem:ClientMount``, and ``elasticfilesystem:ClientWrite``
            to write, on the file system; a ``QueueWorker`` ``sqs:ReceiveMessage``,
            ``sqs:DeleteMessage``, ``sqs:ChangeMessageVisibility``, ``sqs:GetQueueAttributes`` and
            ``sqs:GetQueueUrl`` on the queue, ``kms:Decrypt`` on its key.
        execution: what ECS starts the task as. It has to allow
            ``logs:CreateLogStream`` and ``logs:PutLogEvents`` on the log group ``/ecs/<stack>``,
            ``ecr:GetAuthorizationToken`` on all, and ``ecr:BatchCheckLayerAvailability``,
            ``ecr:BatchGetImage`` and ``ecr:GetDownloadUrlForLayer`` on the repositories; for
            secrets ``ssm:GetParameters`` or ``secretsmanager:GetSecretValue`` on each, for
            environment files ``s3:GetObject`` on each and ``s3:GetBucketLocation`` on the bucket,
            and ``kms:Decrypt`` on keys of your own.

    Source: Amazon ECS Developer Guide, "Amazon ECS task execution IAM role".
    """

    task: ExistingRole | None = None
    execution: ExistingRole | None = None

    def __post_init__(self) -> None:
        for word in ("task", "execution"):
            given = getattr(self, word)
            if given is not None and not isinstance(given, ExistingRole):
                raise BlockError(f"{word} is eb.ExistingRole(arn), not {type(given).__name__}")

    def check(self, task_policies: Sequence[Any]) -> None:
        """Refuse what would have to be attached to a role that is not the block's.

        Raises:
            BlockError: the task role is given, and so are policies for it.
        """
        if self.task is not None and task_policies:
            raise BlockError(
                "the task role is given by its ARN, and nothing is attached to it: leave out "
                "task_policies, or let the block make the task role"
            )


def role_arn(role: Any) -> Value[str]:
    """Of an ``ExistingRole``, or of a role of the same template."""
    return role.arn if isinstance(role, ExistingRole) else get_att(role, "Arn")


def task_role(title: str, granted: Sequence[Any]) -> Any:
    """What the application acts as; *granted* are its inline policies."""
    role = iam.Role(
        title,
        Description="what the application itself may do",
        AssumeRolePolicyDocument=policies.trust("ecs-tasks", source="ecs"),
    )
    if granted:
        role.Policies = list(granted)
    return role


def execution_role(
    title: str,
    log_group: Any,
    *,
    repositories: Sequence[Value[str]],
    secrets: Sequence[AnySecret],
    files: Sequence[EnvironmentFile],
) -> Any:
    """What ECS starts the task as: it may read just these, and write into *log_group*."""
    granted = [policies.policy("Logs", policies.write_logs(log_group))]
    if repositories:
        granted.append(policies.policy("Pull", policies.pull_images(repositories)))
        granted.append(policies.policy("LogInToEcr", policies.log_in_to_ecr()))
    names = [one.name for one in secrets if isinstance(one, SsmParameter)]
    if names:
        granted.append(policies.policy("Parameters", policies.read_parameters(names)))
    arns = [one.arn for one in secrets if isinstance(one, Secret)]
    if arns:
        granted.append(policies.policy("Secrets", policies.read_secrets(arns)))
    keys = [one.key_arn for one in secrets if one.key_arn is not None]
    if keys:
        granted.append(policies.policy("Decrypt", policies.decrypt(keys)))
    if files:
        granted.append(read_files(files))
    return iam.Role(
        title,
        Description="what ECS needs to start the task: image, secrets, logs",
        AssumeRolePolicyDocument=policies.trust("ecs-tasks", source="ecs"),
        Policies=granted,
    )
