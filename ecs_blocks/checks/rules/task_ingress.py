"""Tasks whose security groups let nothing in on their port never become healthy.

The load balancer's health checks come from its own address to the container's port. Where no rule
of the tasks' security groups allows that port, each check times out, and ECS replaces one task
after the other until the deploy fails. It happens when the port of a container is changed and the
rule is forgotten.

Allow the port from the security group of the load balancer (``SourceSecurityGroupId``). Who is
allowed is not judged, only whether anybody is; groups of other stacks count as not checked.

Source: Amazon ECS Developer Guide, "Troubleshooting service load balancers in Amazon ECS".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.rules.balanced_container import is_mapped
from ecs_blocks.checks.views.balancers import TARGET_GROUP
from ecs_blocks.checks.views.parts import Part, each, elsewhere, number, parts, text, whole
from ecs_blocks.checks.views.reach import ANY, gate, protocols_of
from ecs_blocks.checks.views.tasks import SERVICE, container_named, task_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups"


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    def target(one: Part) -> Iterator[Fault]:
        groups = gate(parts(service, _PLACE), template)
        port = number(one.get("ContainerPort"))
        if port is None or groups.is_empty or not _is_offered(one, service, template):
            return
        protocols = _protocols(one, template)
        with elsewhere(_PLACE):
            reached = groups.lets_in(template, port, protocols)
        if not reached:
            yield Fault(_PLACE, f"{groups.names} let nothing in on port {port:g} of the tasks")

    yield from each(parts(service, "LoadBalancers"), target)


def _is_offered(target: Part, service: Resource, template: Template) -> bool:
    """Whether the tasks have the port at all; where they do not, EB404 says so."""
    task = task_of(service, template)
    if task is None:
        return True
    with elsewhere("TaskDefinition"):
        container = container_named(task, text(target.get("ContainerName")))
        return container is not None and is_mapped(container, text(target.get("ContainerPort")))


def _protocols(target: Part, template: Template) -> frozenset[str]:
    group = template.target(target.raw("TargetGroupArn"))
    if group is None or group.type != TARGET_GROUP:
        return ANY
    with elsewhere(target.at("TargetGroupArn")):
        return protocols_of(text(whole(group).get("Protocol")))


CHECK = Check(
    id="EB418",
    title="tasks cannot be reached on their port",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="allow the container's port from the security group of the load balancer",
    judge=_judge,
)
