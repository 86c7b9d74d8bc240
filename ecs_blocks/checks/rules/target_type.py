"""What a target group registers must be what the network mode of the tasks gives it.

A task with ``awsvpc`` has an address of its own: its target group needs ``TargetType: ip``. A task
with ``bridge`` or ``host`` is reached through its instance: ``instance``, which is also what AWS
takes where nothing is said. The wrong one fails the deploy: "has target type instance, which is
incompatible with the awsvpc network mode". Changing it replaces the target group.

Source: Amazon ECS API Reference, CreateService (loadBalancers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import TARGET_GROUP
from ecs_blocks.checks.views.parts import Part, each, elsewhere, parts, text, whole
from ecs_blocks.checks.views.tasks import SERVICE, network_mode

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEEDED: Final = {"awsvpc": "ip", "bridge": "instance", "host": "instance"}


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    def target(one: Part) -> Iterator[Fault]:
        group = template.target(one.raw("TargetGroupArn"))
        if group is None or group.type != TARGET_GROUP:
            return
        with elsewhere(one.at("TargetGroupArn")):
            given = text(whole(group).get("TargetType", "instance"))
        mode = network_mode(service, template)
        needed = _NEEDED.get(mode, given)
        if given != needed:
            message = f"{group.id} has the target type {given!r}; tasks with {mode} need {needed!r}"
            yield Fault(one.at("TargetGroupArn"), message)

    yield from each(parts(service, "LoadBalancers"), target)


CHECK = Check(
    id="EB412",
    title="target type does not fit the network mode",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="set TargetType to ip for awsvpc, to instance for bridge and host",
    judge=_judge,
)
