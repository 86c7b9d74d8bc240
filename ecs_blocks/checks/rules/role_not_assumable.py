"""A role is of no use to a service that its trust policy does not name.

ECS starts tasks as ``ecs-tasks.amazonaws.com``; EC2 gives an instance its role as
``ec2.amazonaws.com``. With another name in the trust policy the stack deploys, and then no task
starts ("ECS was unable to assume the role") or no instance joins the cluster.

Put the right service into ``AssumeRolePolicyDocument``: ``ecs-tasks.amazonaws.com``, not
``ecs.amazonaws.com``, for the roles of a task.

Source: Amazon ECS Developer Guide, "Task IAM role", "Task execution IAM role" and "Container
instance IAM role".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.iam_statements import ROLE, principals, statements_of
from ecs_blocks.checks.views.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

_TASK: Final = "AWS::ECS::TaskDefinition"
_PROFILE: Final = "AWS::IAM::InstanceProfile"
_DOCUMENT: Final = "AssumeRolePolicyDocument"


def _judge(user: Resource, template: Template) -> Iterator[Fault]:
    service = "ecs-tasks" if user.type == _TASK else "ec2"
    for path, value in _roles(user):
        role = template.target(value)
        if role is not None and role.type == ROLE and not _trusts(role, service, path):
            yield Fault(path, f"{role.id} does not let {service}.amazonaws.com assume it")


def _roles(user: Resource) -> Iterator[tuple[str, Any]]:
    if user.type == _TASK:
        for path in ("TaskRoleArn", "ExecutionRoleArn"):
            yield path, user.raw(path)
    else:
        for role in parts(user, "Roles"):
            yield role.path, role.value


def _trusts(role: Resource, service: str, path: str) -> bool:
    try:
        for statement in statements_of(_DOCUMENT, role.get(_DOCUMENT, {})):
            for one in principals(statement, "Service"):
                # The domain differs between partitions, and may be ${AWS::URLSuffix}.
                if one == "*" or one.startswith(f"{service}."):
                    return True
    except Unknown:
        raise Unknown(path) from None
    return False


CHECK = Check(
    id="EB610",
    title="role that its service cannot assume",
    types=(_TASK, _PROFILE),
    severity=Severity.ERROR,
    fix="name the service in the role's AssumeRolePolicyDocument",
    judge=_judge,
)
