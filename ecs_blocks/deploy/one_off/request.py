"""What RunTask is given: the service's own settings, and the command. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off.service import Service
from ecs_blocks.deploy.one_off.tags import own_tags

MAX_OVERRIDES: Final = 8192
"""Characters of overrides as JSON (RunTask, ``overrides``)."""

SPOT: Final = "FARGATE_SPOT"

_COPIED: Final = (
    "networkConfiguration",
    "platformVersion",
    "placementConstraints",
    "placementStrategy",
    "enableECSManagedTags",
    "enableExecuteCommand",
)


class Job(Struct, frozen=True, kw_only=True):
    """One task to start.

    ``definition`` is the ARN of what runs; ``token`` is RunTask's clientToken (at most 64
    characters): a task is started once for it. ``variables`` come over those of the container.
    With ``on_demand`` it runs on Fargate where the service runs on Fargate Spot.
    """

    service: Service
    definition: str
    container: str
    command: tuple[str, ...]
    started_by: str
    token: str
    variables: Mapping[str, str] = {}
    on_demand: bool = False


def arguments(job: Job) -> dict[str, Any]:
    """The arguments of RunTask, but for the tags.

    Raises:
        DeployError: command and variables are longer than ECS takes.
    """
    described, placed = job.service.described, job.service.placed
    override: dict[str, Any] = {"name": job.container, "command": list(job.command)}
    if job.variables:
        override["environment"] = [
            {"name": name, "value": value} for name, value in job.variables.items()
        ]
    overrides = {"containerOverrides": [override]}
    length = len(json.dumps(overrides, ensure_ascii=False))
    if length > MAX_OVERRIDES:
        raise DeployError(
            Exit.INPUT,
            f"command and variables have {length} characters as JSON; ECS takes {MAX_OVERRIDES}",
            "put a long command into a file of the image",
        )
    found: dict[str, Any] = {
        "cluster": job.service.cluster,
        "taskDefinition": job.definition,
        "count": 1,
        "startedBy": job.started_by,
        "clientToken": job.token,
        "overrides": overrides,
    }
    for key in _COPIED:
        value = placed.get(key) or described.get(key)
        if value:
            found[key] = value
    strategy = placed.get("capacityProviderStrategy")
    if job.on_demand and any(one.get("capacityProvider") == SPOT for one in strategy or ()):
        found["launchType"] = "FARGATE"  # as a provider, the cluster might not have it
    elif strategy:
        found["capacityProviderStrategy"] = strategy
    elif placed.get("launchType"):
        found["launchType"] = placed["launchType"]
    if described.get("propagateTags") == "TASK_DEFINITION":
        found["propagateTags"] = "TASK_DEFINITION"
    volumes = _volumes(described)
    if volumes:
        found["volumeConfigurations"] = volumes
    return found


def tags(service: Service) -> list[Mapping[str, str]]:
    """The service's tags, where it gives them to its tasks: RunTask itself cannot take them."""
    if service.described.get("propagateTags") != "SERVICE":
        return []
    return own_tags(service.described.get("tags") or ())


def _volumes(described: Mapping[str, Any]) -> list[dict[str, Any]]:
    """EBS volumes that the service has made for each of its tasks; they go with the task."""
    deployments = described.get("deployments") or ()
    primary: Mapping[str, Any] = next(
        (one for one in deployments if one.get("status") == "PRIMARY"), {}
    )
    return [
        {
            "name": one["name"],
            "managedEBSVolume": {
                **one["managedEBSVolume"],
                "terminationPolicy": {"deleteOnTermination": True},
            },
        }
        for one in primary.get("volumeConfigurations") or ()
        if one.get("managedEBSVolume")
    ]
