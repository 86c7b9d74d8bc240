"""A health check on a fixed port never finds a container whose port is chosen at random.

With ``bridge`` and no ``HostPort`` (or 0) every task gets another port of its instance. The target
group knows which; a number in ``HealthCheckPort`` asks elsewhere, no task ever becomes healthy, and
ECS replaces them until the deploy fails.

Set ``HealthCheckPort: traffic-port``.

Source: cfn-lint E3049; Amazon ECS API Reference, PortMapping (hostPort).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.balancers import TARGET_GROUP
from ecs_blocks.checks.views.parts import Part, each, elsewhere, number, parts, text, whole
from ecs_blocks.checks.views.tasks import SERVICE, container_named, network_mode, task_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    def target(one: Part) -> Iterator[Fault]:
        group = template.target(one.raw("TargetGroupArn"))
        if group is None or group.type != TARGET_GROUP:
            return
        with elsewhere(one.at("TargetGroupArn")):
            port = whole(group).get("HealthCheckPort", "traffic-port")
        if number(port) is None or network_mode(service, template) != "bridge":
            return
        task = task_of(service, template)
        if task is None:
            raise Unknown("TaskDefinition")
        name, wanted = text(one.get("ContainerName")), text(one.get("ContainerPort"))
        with elsewhere("TaskDefinition"):
            container = container_named(task, name)
            random = container is not None and _is_random(container, wanted)
        if random:
            message = f"{group.id} checks port {port}, and the tasks get ports chosen at random"
            yield Fault(one.at("TargetGroupArn"), message)

    yield from each(parts(service, "LoadBalancers"), target)


def _is_random(container: Part, port: str) -> bool:
    return any(
        not number(mapping.get("HostPort", 0))
        for mapping in container.items("PortMappings")
        if text(mapping.get("ContainerPort")) == port
    )


CHECK = Check(
    id="EB516",
    title="health check goes to a fixed port of tasks that have none",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="set HealthCheckPort of the target group to traffic-port",
    judge=_judge,
)
