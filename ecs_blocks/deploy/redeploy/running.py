"""The services that are started again: what each runs, and whether it may be started now.

ECS is asked for a new deployment of a service as it is, with no change of its settings.
Source: API reference, UpdateService, forceNewDeployment; DeregisterTaskDefinition for what INACTIVE
means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.deploy.cloudformation.stack import template_of
from ecs_blocks.deploy.cloudformation.statuses import is_over
from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.ecs.reading import OVER, Reader
from ecs_blocks.deploy.ecs.standing import goes_back
from ecs_blocks.deploy.ecs.state import Deployment, Rollout, State, state
from ecs_blocks.deploy.ecs.view import pause_of, waiting_for
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off.service import Service, chosen, read_service
from ecs_blocks.deploy.verification import expected_services

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place

_ROLLING: Final = ("", "ROLLING")
_BEGINS: Final = frozenset({"PENDING", "IN_PROGRESS"})


class Running(Struct, frozen=True, kw_only=True):
    """One service as it is before it is started again.

    ``of_stack`` is the ARN of the task definition that the stack gives it, empty where that is not
    certain. ``under_way`` is the deployment that starts the same version again already, None where
    none does.
    """

    service: Service
    state: State
    of_stack: str = ""
    under_way: Deployment | None = None

    @property
    def logical_id(self) -> str:
        """The service's, with the nested stacks on the way: ``Child.Service``."""
        return self.service.logical_id

    @property
    def task_definition(self) -> str:
        """The ARN of the task definition that it runs."""
        return str(self.service.described.get("taskDefinition", ""))


def is_rolling(service: Service) -> bool:
    """Whether its tasks are exchanged step by step, and not all at once behind the traffic."""
    configuration = service.described.get("deploymentConfiguration") or {}
    return str(configuration.get("strategy") or "") in _ROLLING


def read_running(aws: Aws, place: Place, stack: Stack, wanted: str | None) -> list[Running]:
    """The services of *stack* that can be started again, or only the one *wanted* (logical id).

    Raises:
        DeployError: there is none, or not this one (exit 2); something else is done to the stack or
            to one of them (exit 13), or that is not to be known (exit 12 or 14); ECS would refuse
            one of them (exit 15); AWS did not answer.
    """
    _refuse_busy(place, stack)
    expected = {
        one.logical_id: one
        for one in expected_services(aws, stack.stack_id, template_of(aws, stack))
    }
    names = list(expected)
    if wanted is not None or not names:
        arns = {name: one.service_arn for name, one in expected.items()}
        names = [chosen(arns, wanted, stack.name)]
    found = []
    for name in names:
        service = read_service(aws, stack.stack_id, name, expected[name].service_arn)
        _refuse_unfit(place, service)
        now = state(service.described)
        reader = Reader(aws, service.arn, service.cluster)
        newest = reader.rollout(now, None)
        if newest is None and not is_rolling(service):
            _refuse_unknown(name, reader)
        found.append(
            Running(
                service=service,
                state=now,
                of_stack=expected[name].task_definition_arn,
                under_way=_under_way(place, name, now, newest),
            )
        )
    return found


def _refuse_busy(place: Place, stack: Stack) -> None:
    """Refuse while CloudFormation works on the stack: it may exchange the tasks itself."""
    if stack.is_shell:
        raise DeployError(
            Exit.INPUT,
            f"{stack.name} was planned and never made; nothing runs",
            f"deploy it: {place.command('deploy')}",
        )
    if not is_over(stack.status):
        raise DeployError(
            Exit.BLOCKED,
            f"{stack.name} is {stack.status}: an operation on the stack runs",
            f"watch it to its end, then run the same command again: {place.command('attach')}",
        )


def _refuse_unfit(place: Place, service: Service) -> None:
    """Refuse what ECS itself would not start again."""
    name, described = service.logical_id, service.described
    controller = state(described).controller
    if described.get("status") == "DRAINING":
        raise DeployError(
            Exit.REJECTED,
            f"{name} is being deleted: it is DRAINING",
            f"how the stack is: {place.command('status')}",
        )
    if controller != "ECS":
        raise DeployError(
            Exit.REJECTED,
            f"{name} is deployed by {controller}, not by ECS, which then starts no deployment",
            f"start one with {controller}, or deploy: {place.command('deploy')}",
        )
    status = str(service.definition.get("status", "ACTIVE"))
    if status != "ACTIVE":
        raise DeployError(
            Exit.REJECTED,
            f"{name} runs {service.revision}, which is {status}: ECS deploys it no more",
            f"deploy a new revision: {place.command('deploy')}",
        )


def _refuse_unknown(name: str, reader: Reader) -> None:
    """Refuse where nobody says whether a deployment runs.

    Only of a rolling one does DescribeServices tell how it goes. Source: API reference, Deployment,
    rolloutState.

    Raises:
        DeployError: a permission is missing (exit 14), or ECS did not answer (exit 12).
    """
    if not reader.unanswered:
        return
    what = ", ".join(sorted(reader.unanswered))
    message = f"{name}: whether a deployment of it runs is not to be known"
    if reader.denied:
        raise DeployError(
            Exit.CREDENTIALS,
            f"{message}: permission is missing: {', '.join(sorted(reader.denied))}",
            "get the permission, then run the same command again",
        )
    raise DeployError(
        Exit.STILL_RUNNING,
        f"{message}: {what} got no answer; nothing was started",
        "run the same command again",
    )


def _under_way(place: Place, name: str, now: State, newest: Rollout | None) -> Deployment | None:
    """The deployment that starts the same version already; None where nothing is deployed.

    Raises:
        DeployError: another version is being deployed, or ECS is going back.
    """
    primary = now.primary
    moving = newest if newest is not None and newest.status not in OVER else None
    if primary is None or (moving is None and primary.rollout != "IN_PROGRESS"):
        return None
    if _starts_again(now, primary, moving):
        return primary
    since = f" since {primary.created_at:%H:%M:%S} UTC" if primary.created_at else ""
    doing = f"{last(primary.task_definition)} is being deployed{since}"
    if goes_back(primary) or (moving is not None and moving.status not in _BEGINS):
        doing = f"ECS is ending a deployment, and going back to {last(primary.task_definition)}"
    waits = waiting_for(pause_of(moving))
    hint = f"how it is: {place.command('status')}"
    if waits:
        doing += f", and waits for {waits}"
        hint = f"answer it: {place.command('continue')}"
    raise DeployError(
        Exit.BLOCKED, f"{name}: {doing}", f"run the same command again once that is over; {hint}"
    )


def _starts_again(now: State, primary: Deployment, moving: Rollout | None) -> bool:
    """Whether what is deployed are new tasks of the version that runs."""
    before = {one.task_definition for one in now.deployments} - {primary.task_definition}
    if before or goes_back(primary):
        return False
    known = (moving.task_definition, moving.status) if moving else ("", "IN_PROGRESS")
    return known[0] in ("", primary.task_definition) and known[1] in _BEGINS
