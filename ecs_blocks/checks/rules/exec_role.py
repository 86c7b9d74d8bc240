"""ECS Exec opens its session with the task's own role, and without one it does not work.

A service with ``EnableExecuteCommand`` whose task definition has no ``TaskRoleArn`` is refused ("a
valid taskRoleArn is not being used"). With a role that lacks the four ``ssmmessages`` actions the
deploy succeeds, and the session fails in the minute when somebody needs it: "the execute command
agent isn't running". The execution role does not count.

Allow ``ssmmessages:CreateControlChannel``, ``CreateDataChannel``, ``OpenControlChannel`` and
``OpenDataChannel`` on ``*`` to the task's role, or leave ``EnableExecuteCommand`` out.

Source: Amazon ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec"; aws/aws-cli issue
6242.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown, is_true
from ecs_blocks.checks.views.iam_statements import ROLE
from ecs_blocks.checks.views.parts import elsewhere
from ecs_blocks.checks.views.role_permissions import may
from ecs_blocks.checks.views.tasks import SERVICE, task_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "EnableExecuteCommand"
_ACTIONS: Final = tuple(
    f"ssmmessages:{verb}{kind}Channel"
    for verb in ("Create", "Open")
    for kind in ("Control", "Data")
)


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    if not is_true(service.get(_PLACE)):
        return
    task = task_of(service, template)
    if task is None:
        raise Unknown("TaskDefinition")
    given = task.raw("TaskRoleArn")
    if not given:
        yield Fault(_PLACE, f"{task.id} has no TaskRoleArn, which ECS Exec needs")
        return
    role = template.target(given)
    if role is None or role.type != ROLE:
        raise Unknown("TaskDefinition")
    with elsewhere("TaskDefinition"):
        missing = [one for one in _ACTIONS if not may(role, template, one, "*")]
    if missing:
        yield Fault(_PLACE, f"{role.id} lacks {', '.join(missing)} on *")


CHECK = Check(
    id="EB417",
    title="ECS Exec that cannot open a session",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="allow the four ssmmessages actions to the task's role, or leave EnableExecuteCommand out",
    judge=_judge,
)
