"""With a hop limit above 1, containers reach the credentials of the instance that runs them.

The answer to an IMDSv2 token request lives as many network hops as the limit says. A container on
a bridge network is one hop further away than the host: with a limit of 2, which many guides
recommend for containers, every task can become the instance. On ECS no task needs that: tasks get
their own role from another address (169.254.170.2), which the hop limit does not touch.

Set ``HttpPutResponseHopLimit: 1``.

Source: Amazon EC2 User Guide, "Use the Instance Metadata Service"; Amazon ECS Developer Guide,
"Task IAM role", on blocking containers from the instance's credentials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import number

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE: Final = "LaunchTemplateData.MetadataOptions"


def _judge(launch_template: Resource, _template: Template) -> Iterator[Fault]:
    path = f"{_BASE}.HttpPutResponseHopLimit"
    limit = launch_template.get(path)
    if (number(limit) or 0) > 1 and launch_template.get(f"{_BASE}.HttpEndpoint") != "disabled":
        yield Fault(path, f"a hop limit of {limit} lets containers read the instance's credentials")


CHECK = Check(
    id="EB106",
    title="instance metadata can be reached from containers",
    types=("AWS::EC2::LaunchTemplate",),
    severity=Severity.WARNING,
    fix="set MetadataOptions.HttpPutResponseHopLimit to 1",
    judge=_judge,
)
