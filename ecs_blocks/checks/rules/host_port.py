"""Only in bridge mode is a port translated; elsewhere the application listens on it itself.

A task with ``awsvpc`` (as all on Fargate) has an address of its own, and one with ``host`` uses the
instance's. In both ``HostPort`` is left out or equals ``ContainerPort``. RegisterTaskDefinition
refuses anything else: "When networkMode=awsvpc, the host ports and container ports in port mappings
must match". Left over from ``bridge``, it is found at the deploy. cfn-lint E3053 looks for it too.

Leave ``HostPort`` out, or let the application listen on the port that is wanted.

Source: Amazon ECS API Reference, PortMapping (hostPort).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.parts import Part, each, number, text, whole
from ecs_blocks.checks.views.tasks import TASK_DEFINITION, containers, on_fargate

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNTRANSLATED: Final = ("awsvpc", "host")


def _judge(task: Resource, _template: Template) -> Iterator[Fault]:
    def mapping(one: Part) -> Iterator[Fault]:
        if one.raw("HostPort") is None:
            return
        outer, inner = number(one.get("HostPort")), number(one.get("ContainerPort"))
        if outer and inner and outer != inner and _mode(task) in _UNTRANSLATED:
            message = f"the host port {outer:g} is not the container port {inner:g}"
            yield Fault(one.at("HostPort"), message)

    yield from each(containers(task), lambda one: each(one.items("PortMappings"), mapping))


def _mode(task: Resource) -> str:
    given = text(whole(task).get("NetworkMode"))
    return given or ("awsvpc" if on_fargate(task) else "bridge")


CHECK = Check(
    id="EB315",
    title="host port differs from the container's port",
    types=(TASK_DEFINITION,),
    severity=Severity.ERROR,
    fix="leave HostPort out, or set it to ContainerPort",
    judge=_judge,
)
