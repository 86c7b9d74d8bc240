"""How a task becomes containers in Docker, as close to its definition as Docker comes.

MiniStack starts a container of each definition, but drops who it runs as and what it may write; it
pulls images from AWS by their ECR names; and it reaches a task by the container's own address,
which there is no way to on a machine where Docker lives in a virtual one. Here a definition's
settings are kept, images come from MiniStack's own ECR, and ports are published on 127.0.0.1.

Without Docker a task has no container: it is given an address that leads nowhere, so that target
groups look as they would, and a load balancer says plainly why it has no answer.
"""

# ruff: noqa: SLF001 - MiniStack is extended from inside
# MiniStack is not there where types are checked.
# mypy: disable-error-code="import-not-found,no-any-return"

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import Any, Final

from ministack import app
from ministack.core import container_reaper
from ministack.services import alb, ecs

from ecs_blocks.deploy.local.ministack.images import NotThere, image_of

HOST: Final = "127.0.0.1"
AGAIN_S: Final = 2
"""How much longer a service waits after each failed task; ECS takes its time too."""
NOWHERE: Final = "198.18"
"""The addresses of RFC 2544, which no network routes."""

_build_run_kwargs: Final = ecs._build_run_kwargs
_run_docker_container: Final = ecs._run_docker_container
_prepare_service_images: Final = ecs._prepare_service_images
_record_task_ip: Final = ecs._record_task_ip
_run_task: Final = ecs._run_task
_task_ip: Final = ecs._task_ip
_mark_task_stopped: Final = ecs._mark_task_stopped
_proxy_http_target: Final = alb._proxy_http_target
_stop_docker_containers: Final = app._stop_docker_containers

_BY_SERVICE: Final = frozenset(
    {
        *("Deployment completed", "Deployment capacity limit", "Service deleted"),
        *("Service scaling down", "Task definition updated"),
    }
)
"""Why MiniStack's service scheduler stops tasks."""
published: Final[dict[tuple[str, int], int]] = {}
"""From a container's address and port to the port of this machine."""


def install() -> None:
    """Replace what MiniStack does between a task and Docker."""
    ecs._build_run_kwargs = _run_settings
    ecs._run_docker_container = _run
    ecs._prepare_service_images = _not_too_soon
    ecs._record_task_ip = _note_published
    ecs._task_ip = _address
    ecs._run_task = _start_for_deployment
    ecs._ACTION_MAP["RunTask"] = _start_for_deployment
    ecs._mark_task_stopped = _stopped
    app._stop_docker_containers = _stop_all
    # A deploy names images by digest; to look one up, Docker would be sent to AWS.
    ecs._deployment_needs_first_task = lambda *_: False
    alb._proxy_http_target = _proxy
    # One server of a checkout at a time: what an earlier one left behind is this one's.
    name = os.environ.get("ECS_BLOCKS_NAME")
    if name:
        container_reaper.instance_id = lambda: name


def _run_settings(definition: Any, task: Any, *arguments: Any) -> dict[str, Any]:
    """``containers.run``'s arguments, with those that MiniStack leaves out."""
    settings: dict[str, Any] = _build_run_kwargs(definition, task, *arguments)
    linux = definition.get("linuxParameters") or {}
    memory = definition.get("memory") or task.get("memory")
    settings |= {
        "user": definition.get("user"),
        "read_only": bool(definition.get("readonlyRootFilesystem")),
        "entrypoint": definition.get("entryPoint"),
        "working_dir": definition.get("workingDirectory"),
        "cap_drop": (linux.get("capabilities") or {}).get("drop"),
        "tmpfs": {
            mount["containerPath"]: ",".join(
                [f"size={mount['size']}m", *mount.get("mountOptions", [])]
            )
            for mount in linux.get("tmpfs", [])
        },
        "mem_limit": f"{memory}m" if memory else None,
    }
    if task.get("networkMode") == "awsvpc":
        settings["ports"] = {
            f"{port['containerPort']}/{port.get('protocol', 'tcp')}": (HOST, None)
            for port in definition.get("portMappings", [])
        }
    return {key: value for key, value in settings.items() if value not in (None, "", {}, [])}


def _run(docker: Any, definition: Any, settings: dict[str, Any], **pull: Any) -> Any:
    """Run a container; an image of ECR from MiniStack's, any other as MiniStack does it."""
    try:
        image = image_of(docker, definition["image"])
    except NotThere as missing:
        raise ecs._ImagePullError(str(missing)) from missing
    if image is None:
        return _run_docker_container(docker, definition, settings, **pull)
    settings.pop("platform", None)  # the image was chosen for what Docker can run
    return _run_docker_container(docker, {**definition, "image": image}, settings)


def _note_published(task: Any, container: Any, network: Any) -> None:
    """Keep on which ports of this machine a container's are published."""
    address = ecs._container_ip(container, network)
    for port, bindings in container.ports.items():
        for binding in bindings or []:
            published[address, int(port.partition("/")[0])] = int(binding["HostPort"])
    _record_task_ip(task, container, network)


def _address(task: Any) -> Any:
    """A task's address; one that leads nowhere where there is no Docker."""
    if known := _task_ip(task):
        return known
    if ecs._get_docker() is not None:
        return None
    high, low = hashlib.sha256(task["taskArn"].encode()).digest()[:2]
    return f"{NOWHERE}.{high}.{low}"


def _start_for_deployment(request: Any) -> Any:
    """Start tasks; those of a service name their deployment, as those of ECS do."""
    deployment = request.get("_deploymentId")
    return _run_task(request | {"startedBy": deployment} if deployment else request)


def _not_too_soon(task: Any, definition: Any, docker: Any) -> Any:
    """Wait before a task takes the place of one that failed, so that somebody can look."""
    deployment = _prepare_service_images(task, definition, docker)
    if deployment:
        time.sleep(AGAIN_S * min(deployment.get("failedTasks", 0), 5))
    return deployment


def _stopped(arn: str, task: Any, reason: str, stop_code: str, exit_code: int | None = None) -> Any:
    """Stop a task; one that its service stopped says so, as ECS has it."""
    if stop_code == "UserInitiated" and reason in _BY_SERVICE:
        reason = f"Scaling activity initiated by (deployment {task.get('startedBy')})"
        stop_code = "ServiceSchedulerInitiated"
    return _mark_task_stopped(arn, task, reason, stop_code, exit_code)


def _stop_all(*arguments: Any) -> None:
    """Remove every container at the end, and let no service replace it."""
    for service in ecs._services.all_values():
        service["status"] = "DRAINING"
    _stop_docker_containers(*arguments)


async def _proxy(target: Any, group: Any, *arguments: Any, **keywords: Any) -> Any:
    """Forward to a task by the port that Docker published."""
    address, port = str(target["Id"]), int(target.get("Port") or group.get("Port") or 80)
    if address.startswith(f"{NOWHERE}."):
        message = "no container runs: MiniStack found no Docker, so this task is only recorded"
        return 503, {"Content-Type": "application/json"}, json.dumps({"message": message}).encode()
    local = published.get((address, port))
    reached = {**target, "Id": HOST, "Port": local} if local else target
    return await _proxy_http_target(reached, group, *arguments, **keywords)
