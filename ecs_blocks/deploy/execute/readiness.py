"""Whether ECS Exec can get into a container: what ECS would refuse, said before it is asked.

Source: Amazon ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.ecs.names import printable
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off import containers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.execute.tasks import Chosen
    from ecs_blocks.deploy.one_off.service import Service
    from ecs_blocks.deploy.place import Place

AGENT: Final = "ExecuteCommandAgent"


def runtime_id(service: Service, chosen: Chosen, name: str, place: Place) -> str:
    """The id of the running container *name*, into which ECS Exec can get.

    Raises:
        DeployError: ECS Exec is off, its agent does not run, or the container does not.
    """
    task = f"task {chosen.task_id}"
    if not chosen.task.get("enableExecuteCommand"):
        raise _is_off(service, task, place)
    container = running(service, chosen, name)
    agents = container.get("managedAgents") or ()
    agent: Mapping[str, Any] = next((one for one in agents if one.get("name") == AGENT), {})
    status = str(agent.get("lastStatus", ""))
    if status != "RUNNING":
        reason = str(agent.get("reason", ""))
        raise _no_agent(f"{name} of {task}", status, reason, _what_it_needs(service, name, place))
    found = str(container.get("runtimeId") or "")
    if not found:
        raise DeployError(
            Exit.REJECTED,
            f"ECS does not tell the id of the container {name} of {task} yet",
            "run the same command again in a few seconds",
        )
    return found


def running(service: Service, chosen: Chosen, name: str) -> Mapping[str, Any]:
    """The container *name* of the task; where it does not run, the application's is proposed.

    Raises:
        DeployError: it does not run.
    """
    found = containers.in_task(chosen.task, name)
    status = (found or {}).get("lastStatus", "not there")
    if found is None or status != "RUNNING":
        code = (found or {}).get("exitCode")
        ended = "" if code is None else f", with exit code {code}"
        application = containers.chosen(service, None)
        raise DeployError(
            Exit.REJECTED,
            f"the container {name} of task {chosen.task_id} is {status}{ended}",
            "" if application == name else f"take the application's: --container {application}",
        )
    return found


def _is_off(service: Service, task: str, place: Place) -> DeployError:
    if service.described.get("enableExecuteCommand"):
        return DeployError(
            Exit.REJECTED,
            f"{task} was started before ECS Exec was turned on for {service.logical_id}",
            f"start its tasks anew: {place.command('redeploy')}",
        )
    return DeployError(
        Exit.REJECTED,
        f"ECS Exec is off for {service.logical_id}, so nobody gets into {task}",
        "in stack.py, give its Container exec=eb.Exec(…), enabled in "
        f"{place.environment}, then: {place.command('deploy')}",
    )


def _what_it_needs(service: Service, name: str, place: Place) -> str:
    """What the agent of a container lacks. The application's alone has its folders (trap 35)."""
    application = containers.chosen(service, None)
    if name == application:
        return (
            "it needs three folders that it can write to, which exec=eb.Exec(…) mounts, and memory"
        )
    way = place.command("exec", "--container", application)
    return (
        "sidecars of ecs_blocks take no shell, as the agent can write nowhere in them; "
        f"the application's container does: {way}"
    )


def _no_agent(where: str, status: str, reason: str, needs: str) -> DeployError:
    why = f": {printable(reason)}" if reason else ""
    if status in ("", "PENDING"):
        return DeployError(
            Exit.REJECTED,
            f"the agent of ECS Exec is not up yet in {where}{why}",
            "run the same command again in a few seconds",
        )
    return DeployError(
        Exit.REJECTED,
        f"the agent of ECS Exec is {status} in {where}{why}",
        needs,
    )
