"""Questions that several checks ask of a task definition or of the service that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Unknown
from ecs_blocks.checks.views.parts import Part, as_items, elsewhere, parts, text, whole
from ecs_blocks.templates.references import referred_names
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template

TASK_DEFINITION = "AWS::ECS::TaskDefinition"
SERVICE = "AWS::ECS::Service"
SCALABLE_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"


def containers(task: Resource) -> Iterator[Part]:
    """Every container definition of *task*."""
    return parts(task, "ContainerDefinitions")


def on_windows(task: Resource) -> bool:
    """Whether the task says that it runs Windows containers."""
    family = whole(task).get("RuntimePlatform.OperatingSystemFamily")
    return text(family).upper().startswith("WINDOWS")


def on_fargate(task: Resource) -> bool:
    """Whether ECS holds the task definition to the rules of Fargate.

    Raises:
        Unknown: a compatibility is not known, and none that is known is Fargate.
    """
    listed = list(parts(task, "RequiresCompatibilities"))
    if any(one.value == "FARGATE" for one in listed):
        return True
    for one in listed:
        if is_intrinsic(one.value):
            raise Unknown(one.path)
    return False


def container_named(task: Resource, name: str) -> Part | None:
    """The container of *task* that is called *name*, or None.

    Raises:
        Unknown: none has this name, but the name of one is not known.
    """
    unknown: Part | None = None
    for container in containers(task):
        if is_intrinsic(container.value) or is_intrinsic(container.raw("Name")):
            unknown = unknown or container
        elif text(container.raw("Name")) == name:
            return container
    if unknown is not None:
        raise Unknown(unknown.at("Name"))
    return None


def task_of(service: Resource, template: Template) -> Resource | None:
    """The task definition that *service* runs, where it is a resource of this template."""
    found = template.target(service.raw("TaskDefinition"))
    return found if found is not None and found.type == TASK_DEFINITION else None


def network_mode(service: Resource, template: Template) -> str:
    """The network mode of the tasks that *service* runs.

    Raises:
        Unknown: the task definition is not in this template, and the service does not tell.
    """
    if whole(service).get("NetworkConfiguration.AwsvpcConfiguration"):
        return "awsvpc"  # no other mode may have one
    task = task_of(service, template)
    if task is None:
        raise Unknown("TaskDefinition")
    with elsewhere("TaskDefinition"):
        default = "awsvpc" if on_fargate(task) else "bridge"
        return text(whole(task).get("NetworkMode", default))


def rolls(service: Resource) -> bool:
    """Whether ECS itself replaces the tasks step by step: not blue/green, not CodeDeploy."""
    properties = whole(service)
    controller = properties.get("DeploymentController.Type", "ECS")
    strategy = properties.get("DeploymentConfiguration.Strategy", "ROLLING")
    return bool(controller == "ECS" and strategy == "ROLLING")


def is_daemon(service: Resource) -> bool:
    """Whether one task runs on every instance instead of a number of them."""
    return bool(whole(service).get("SchedulingStrategy") == "DAEMON")


def behind_balancer(service: Resource) -> bool:
    """Whether a load balancer sends requests to the service."""
    return bool(as_items(whole(service).get("LoadBalancers")))


def scaled_by(service: Resource, template: Template) -> Iterator[Resource]:
    """The scalable targets of this template that set how many tasks *service* has."""
    name = service.raw("ServiceName")
    for target in template.of_type(SCALABLE_TARGET):
        given = target.raw("ResourceId")
        named = isinstance(name, str) and text(given).endswith(f"/{name}")
        if named or service.id in referred_names(given):
            yield target
