"""A task in host network mode has the network of the instance, and no security group of its own.

It can reach what listens on the instance's loopback, takes the instance's address and role
credentials (the metadata service is one hop away), and its ports collide with those of every other
task: only one copy fits on an instance.

Use ``awsvpc``: the task gets a network interface and security groups of its own.

Source: AWS Security Hub, control ECS.17; Amazon ECS API Reference, RegisterTaskDefinition
(networkMode).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.tasks import TASK_DEFINITION

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    if task.get("NetworkMode") == "host":
        yield Fault("NetworkMode", "the task uses the network of the instance (mode 'host')")


CHECK = Check(
    id="EB305",
    title="task uses the host's network",
    types=(TASK_DEFINITION,),
    severity=Severity.WARNING,
    fix="use NetworkMode awsvpc, which gives the task its own address and security groups",
    judge=_judge,
)
