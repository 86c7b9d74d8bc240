"""The awslogs driver cannot start without knowing where the logs go.

It needs ``awslogs-group`` and ``awslogs-region``, and on Fargate also ``awslogs-stream-prefix``;
without them the task definition is refused or the container does not start.

Source: Amazon ECS API Reference, LogConfiguration (options).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers, on_fargate

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    def container(one: Part) -> Iterator[Fault]:
        if one.get("LogConfiguration.LogDriver") != "awslogs":
            return
        given = one.get("LogConfiguration.Options", {})
        given = given if isinstance(given, dict) else {}
        place = one.at("LogConfiguration.Options")
        for name in ("awslogs-group", "awslogs-region"):
            if not given.get(name):
                yield Fault(place, f"awslogs needs the option {name}")
        if not given.get("awslogs-stream-prefix") and on_fargate(task):
            yield Fault(place, "awslogs needs the option awslogs-stream-prefix on Fargate")

    yield from each(containers(task), container)


CHECK = Check(
    id="EB313",
    title="awslogs options are incomplete",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="set awslogs-group, awslogs-region and awslogs-stream-prefix",
    judge=_judge,
)
