"""The containers of a task definition: which one is meant, and its image."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.ecs.facts import container
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.one_off.service import Service

_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


def names(definition: Mapping[str, Any]) -> list[str]:
    """The names of the containers, in their order."""
    return [str(one.get("name")) for one in definition.get("containerDefinitions") or ()]


def is_essential(definition: Mapping[str, Any], name: str) -> bool:
    """Whether the task ends with this container."""
    found = container(definition, name)
    return bool(found) and bool(found.get("essential", True))


def in_task(task: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """A container of a task, as DescribeTasks tells it; None where it tells none."""
    found = task.get("containers") or ()
    return next((one for one in found if one.get("name") == name), None)


def exit_code(task: Mapping[str, Any], name: str) -> int | None:
    """The code that a container of a task ended with; None where it has not, or never ran."""
    code = (in_task(task, name) or {}).get("exitCode")
    return None if code is None else int(code)


def chosen(service: Service, wanted: str | None) -> str:
    """The container that is meant.

    *wanted*, else the one behind the load balancer, else the first essential one.

    Raises:
        DeployError: there is no such container.
    """
    known = names(service.definition)
    if wanted is not None:
        if wanted not in known:
            way = nearest(wanted, known) or f"; there are: {', '.join(known)}"
            message = f"{service.revision} has no container {wanted}{way}"
            raise DeployError(Exit.INPUT, message)
        return wanted
    balancers = service.placed.get("loadBalancers") or ()
    behind = [str(one.get("containerName")) for one in balancers if one.get("containerName")]
    essential = [name for name in known if is_essential(service.definition, name)]
    for name in (*behind, *essential):
        if name in known:
            return name
    raise DeployError(Exit.INPUT, f"{service.revision} has no essential container")


def with_version(image: str, wanted: str) -> str:
    """*image* with another tag or digest: ``repo:1.8.2`` and ``sha256:…`` give ``repo@sha256:…``.

    Raises:
        DeployError: *wanted* is neither.
    """
    repository = image.partition("@")[0]
    path, slash, name = repository.rpartition("/")
    repository = f"{path}{slash}{name.partition(':')[0]}"
    if _DIGEST.fullmatch(wanted):
        return f"{repository}@{wanted}"
    if _TAG.fullmatch(wanted):
        return f"{repository}:{wanted}"
    raise DeployError(
        Exit.INPUT,
        f"--image {wanted} is neither a tag nor a digest (sha256: and 64 digits)",
        f"the repository stays that of the service, {repository}; give its tag or digest alone",
    )


def image_of(definition: Mapping[str, Any], name: str) -> str:
    """The image of a container."""
    return str(container(definition, name).get("image", ""))
