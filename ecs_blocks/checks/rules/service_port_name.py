"""Service Connect and VPC Lattice find a port by its name in the task definition.

``ServiceConnectConfiguration.Services[].PortName`` and ``VpcLatticeConfigurations[].PortName`` must
be the ``Name`` of a port mapping of one of the containers; otherwise CreateService is refused. The
name of the container, or the number of the port, is not it.

Source: Amazon ECS API Reference, ServiceConnectService (portName), PortMapping (name).
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.parts import Part, each, elsewhere, parts, text
from ecs_blocks.checks.views.tasks import SERVICE, containers, task_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    task = task_of(service, template)

    def port(one: Part) -> Iterator[Fault]:
        name = text(one.get("PortName"))
        if not name:
            return
        if task is None:
            raise Unknown("TaskDefinition")
        with elsewhere("TaskDefinition"):
            known = _port_names(task)
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"it names {known or 'none'}"
            yield Fault(one.at("PortName"), f"the task names no port {name!r}; {hint}")

    yield from each(parts(service, "ServiceConnectConfiguration.Services"), port)
    yield from each(parts(service, "VpcLatticeConfigurations"), port)


def _port_names(task: Resource) -> list[str]:
    names = [
        text(mapping.get("Name"))
        for container in containers(task)
        for mapping in container.items("PortMappings")
    ]
    return [name for name in names if name]


CHECK = Check(
    id="EB416",
    title="service names a port that its task does not name",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="give the port mapping this Name, or use the name that it has",
    judge=_judge,
)
