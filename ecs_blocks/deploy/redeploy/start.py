"""Ask ECS for a new deployment of each service, with nothing of it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.deploy.calls import ERRORS, explained, is_ambiguous
from ecs_blocks.deploy.ecs.state import state
from ecs_blocks.deploy.errors import DeployError
from ecs_blocks.deploy.one_off.service import read_service
from ecs_blocks.deploy.redeploy.running import Running

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ecs_blocks.deploy.aws import Aws


class Begun(Struct, frozen=True, kw_only=True):
    """A service that is being started again, by the deployment of this id.

    The id is empty where the answer named none that is new: then the task definition has to do.
    """

    running: Running
    deployment_id: str


def start(aws: Aws, stack_id: str, services: Sequence[Running]) -> list[Begun]:
    """Start *services* again, one after the other, but for those that are under way.

    Raises:
        DeployError: ECS refuses one; those before it were started, which it says.
    """
    begun: list[Begun] = []
    for one in services:
        try:
            deployment_id = one.under_way.id if one.under_way else _started(aws, stack_id, one)
        except DeployError as error:
            before = ", ".join(each.running.logical_id for each in begun)
            if not before:
                raise
            message = f"{error.message}; what was started before goes on: {before}"
            hint = error.hint or "run the same command again: it goes on where this one ended"
            raise DeployError(error.code, message, hint) from error
        begun.append(Begun(running=one, deployment_id=deployment_id))
    return begun


def _started(aws: Aws, stack_id: str, one: Running) -> str:
    """The id of the new deployment, also where the answer to the call was lost.

    UpdateService has no token that would let it be repeated: each call that arrives exchanges all
    tasks once more. Source: API reference, UpdateService.
    """
    service = one.service
    try:
        described = aws.calling_once("ecs").update_service(
            cluster=service.cluster, service=service.arn, forceNewDeployment=True
        )["service"]
    except ERRORS as error:
        doing = f"starting {one.logical_id} again"
        if not is_ambiguous(error):
            raise explained(error, doing) from error
        found = read_service(aws, stack_id, one.logical_id, service.arn).described
        deployment_id = _new_id(one, found)
        if not deployment_id or found.get("taskDefinition") != one.task_definition:
            raise explained(error, doing) from error
        return deployment_id
    return _new_id(one, described)


def _new_id(one: Running, described: Mapping[str, Any]) -> str:
    primary, before = state(described).primary, one.state.primary
    if primary is None or (before is not None and primary.id == before.id):
        return ""
    return primary.id
