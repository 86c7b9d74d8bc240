"""A service must hand the load balancer a container and a port that its tasks have.

``LoadBalancers[].ContainerName`` and ``ContainerPort`` (and those of ``ServiceRegistries``) name a
container of the task definition and one of its ``PortMappings``. After a rename on one side
CreateService fails: "The container x does not exist in the task definition" or "did not have a
container port … defined".

The port is always the *container's*, in every network mode: with ``bridge`` it is not the host port
that the instance offers. Where the task definition is not in the template nothing is judged.

Source: Amazon ECS API Reference, LoadBalancer (containerName, containerPort).
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.parts import Part, each, elsewhere, number, parts, text
from ecs_blocks.checks.views.tasks import SERVICE, container_named, containers, task_of
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    task = task_of(service, template)

    def target(one: Part, *, required: bool) -> Iterator[Fault]:
        name, port = text(one.get("ContainerName")), text(one.get("ContainerPort"))
        for key, value in (("ContainerName", name), ("ContainerPort", port)):
            if required and not value:
                yield Fault(one.at(key), f"{key} is not set")
        if not name:
            return
        if task is None:
            raise Unknown("TaskDefinition")
        with elsewhere("TaskDefinition"):
            container = container_named(task, name)
            mapped = container is None or not port or is_mapped(container, port)
        if container is None:
            yield Fault(one.at("ContainerName"), _no_container(task, name))
        elif not mapped:
            yield Fault(one.at("ContainerPort"), _no_port(container, name, port))

    yield from each(parts(service, "LoadBalancers"), lambda one: target(one, required=True))
    yield from each(parts(service, "ServiceRegistries"), lambda one: target(one, required=False))


def _no_container(task: Resource, name: str) -> str:
    names = [text(one.raw("Name")) for one in containers(task)]
    near = get_close_matches(name, names, 1)
    known = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(map(repr, names))}"
    return f"the task has no container {name!r}; {known}"


def is_mapped(container: Part, port: str) -> bool:
    """Whether *container* maps *port*, alone or within a range.

    Raises:
        Unknown: no mapping that is known has it, and not every one is known.
    """
    unknown: str | None = None
    for mapping in container.items("PortMappings"):
        if any(is_intrinsic(one) for one in (mapping.value, *_ports(mapping))):
            unknown = unknown or mapping.path
        elif port == text(mapping.raw("ContainerPort")) or _in_range(mapping, port):
            return True
    if unknown is not None:
        raise Unknown(unknown)
    return False


def _ports(mapping: Part) -> tuple[object, object]:
    return mapping.raw("ContainerPort"), mapping.raw("ContainerPortRange")


def _in_range(mapping: Part, port: str) -> bool:
    first, _, last = text(mapping.raw("ContainerPortRange")).partition("-")
    low, high, wanted = number(first), number(last), number(port)
    return None not in (low, high, wanted) and (low or 0) <= (wanted or 0) <= (high or 0)


def _no_port(container: Part, name: str, port: str) -> str:
    mappings = list(container.items("PortMappings"))
    for mapping in mappings:
        if text(mapping.raw("HostPort")) == port:
            inner = text(mapping.raw("ContainerPort"))
            return f"{port} is the host port of {name!r}; its container port is {inner}"
    known = ", ".join(filter(None, (text(one.raw("ContainerPort")) for one in mappings)))
    return f"{name!r} does not map the port {port}; it maps {known or 'none'}"


CHECK = Check(
    id="EB404",
    title="service names a container or port that its task lacks",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="name a container of the task definition and a ContainerPort of its PortMappings",
    judge=_judge,
)
