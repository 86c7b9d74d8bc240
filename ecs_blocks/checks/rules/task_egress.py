"""A Fargate task that may not go out to port 443 gets no image, no secrets and no logs.

On Fargate all of that goes through the task's own network interface: ECR, Secrets Manager, the
Parameter Store and CloudWatch Logs answer on HTTPS, through VPC endpoints too. Where the security
groups have egress rules and none of them is for 443, the task stops with CannotPullContainerError
or ResourceInitializationError after minutes of waiting.

Allow TCP 443, to anywhere or to the endpoints. A group without any egress rule lets everything out.
On EC2 the instance fetches the image, and nothing is judged.

Source: Amazon ECS Developer Guide, "Amazon ECS task networking options for Fargate".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.parts import elsewhere, parts, text, whole
from ecs_blocks.checks.views.reach import TCP, gate
from ecs_blocks.checks.views.tasks import SERVICE, task_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups"
_STRATEGY: Final = "CapacityProviderStrategy"
_HTTPS: Final = 443


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    groups = gate(parts(service, _PLACE), template)
    if groups.is_empty:
        return
    with elsewhere(_PLACE):
        reached = groups.lets_out(template, _HTTPS, TCP)
    if not reached and _runs_on_fargate(service, template):
        message = f"{groups.names} let nothing out to port {_HTTPS}: no image can be pulled"
        yield Fault(_PLACE, message)


def _runs_on_fargate(service: Resource, template: Template) -> bool:
    """Whether every task of the service is certain to run on Fargate."""
    launch = whole(service).get("LaunchType")
    if launch is not None:
        return bool(launch == "FARGATE")
    providers = list(parts(service, _STRATEGY))
    if providers:
        named = [one.raw("CapacityProvider") for one in providers]
        if any(template.target(one) is not None for one in named):
            return False  # a provider of one's own
        return all(text(one.get("CapacityProvider")).startswith("FARGATE") for one in providers)
    task = task_of(service, template)
    if task is None:
        raise Unknown("TaskDefinition")
    with elsewhere("TaskDefinition"):
        return [one.value for one in parts(task, "RequiresCompatibilities")] == ["FARGATE"]


CHECK = Check(
    id="EB419",
    title="tasks cannot reach AWS over HTTPS",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="allow TCP 443 in SecurityGroupEgress of the tasks",
    judge=_judge,
)
