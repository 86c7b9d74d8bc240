"""A policy of AWS's grows without asking, and is written for everyone's case at once.

``AmazonECSTaskExecutionRolePolicy`` lets a task pull every image and write every log of the
account; ``AmazonEC2ContainerServiceforEC2Role`` lets an instance register with every cluster. They
change when AWS changes them.

Write the few statements out, on the repository, the log group and the cluster that are meant. The
policies that ECS needs for its own work on your behalf (``AmazonECSInfrastructureRole…``,
``AmazonECSInstanceRole…``) are not reported: AWS maintains them together with the feature.

Source: AWS IAM User Guide, "AWS managed policies": they do not grant least privilege.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.iam_statements import ROLE
from ecs_blocks.checks.views.parts import Part, each, parts
from ecs_blocks.checks.views.texts import settled

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARN: Final = re.compile(r"arn:[^:]+(?:::[^:]+)?:iam::aws:policy/(?:[\w-]+/)*(?P<name>[\w+=,.@-]+)")
_FOR_ECS: Final = ("AmazonECSInfrastructureRole", "AmazonECSInstanceRole")


def _judge(role: Resource, template: Template) -> Iterator[Fault]:
    def policy(one: Part) -> Iterator[Fault]:
        found = _ARN.fullmatch(settled(one.value, template, one.path))
        if found and not found["name"].startswith(_FOR_ECS):
            yield Fault(one.path, f"{found['name']} is a policy of AWS, wider than this role")

    yield from each(parts(role, "ManagedPolicyArns"), policy)


CHECK = Check(
    id="EB601",
    title="policy managed by AWS",
    types=(ROLE,),
    severity=Severity.WARNING,
    fix="write the statements that the role needs into a policy of its own",
    judge=_judge,
)
