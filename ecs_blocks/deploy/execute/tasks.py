"""Which task of a service is meant: the newest that runs, or the one that is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.deploy.ecs.listing import list_tasks
from ecs_blocks.deploy.ecs.names import family_of, last
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off import revision

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.one_off.service import Service
    from ecs_blocks.deploy.place import Place

SHORT: Final = 8
"""Characters of a task's id that are shown, and enough to name it."""
_SHOWN: Final = 5
"""So many other tasks are named."""


class Chosen(Struct, frozen=True):
    """The task that is meant, as DescribeTasks tells it; ``others`` are the ids of older ones."""

    task: Mapping[str, Any]
    others: tuple[str, ...] = ()

    @property
    def arn(self) -> str:
        """Its ARN."""
        return str(self.task["taskArn"])

    @property
    def task_id(self) -> str:
        """Its id."""
        return last(self.arn)

    @property
    def definition(self) -> str:
        """The ARN of its task definition."""
        return str(self.task["taskDefinitionArn"])


def choose(aws: Aws, place: Place, service: Service, wanted: str | None) -> Chosen:
    """The newest task of *service* that runs, or the one whose id or ARN begins as *wanted* does.

    By its id a task of ``ecs-blocks run`` is found too: it is of the same family.

    Raises:
        DeployError: there is no such task, more than one, or it does not run (any more, or yet).
    """
    found = _newest_first(aws, service, beside=wanted is not None)
    if wanted is not None:
        return Chosen(_named(service, found, last(wanted)))
    running = [one for one in found if _runs(one)]
    if not running:
        waits = ", ".join(sorted({str(one.get("lastStatus")) for one in found}))
        others = f"; {len(found)} on the way: {waits}" if found else ""
        raise DeployError(
            Exit.REJECTED,
            f"no task of {service.logical_id} runs{others}",
            f"see why: {place.command('status')}",
        )
    return Chosen(running[0], tuple(_id(one) for one in running[1:]))


def taken(chosen: Chosen, place: Place) -> str:
    """Which task was taken of several, and how to name another; empty where there is one only."""
    if not chosen.others:
        return ""
    shown = [one[:SHORT] for one in chosen.others[:_SHOWN]]
    more = len(chosen.others) - len(shown)
    others = ", ".join(shown) + (f" and {more} more" if more else "")
    return (
        f"task {chosen.task_id[:SHORT]} is the newest of {len(chosen.others) + 1}; others are "
        f"{others}: {place.command('exec', '--task', shown[0])}"
    )


def _newest_first(aws: Aws, service: Service, *, beside: bool) -> list[Mapping[str, Any]]:
    """The tasks that are to run; with those *beside* the service that are of its family."""
    name, cluster = service.logical_id, service.cluster
    found = list_tasks(aws, cluster, name, serviceName=last(service.arn))
    if beside:
        family = family_of(str(service.definition["taskDefinitionArn"]))
        for one in (family, revision.family_of(service.definition)):
            found += list_tasks(aws, cluster, one, family=one)
    once = {str(one["taskArn"]): one for one in found}
    return sorted(once.values(), key=_began, reverse=True)


def _began(task: Mapping[str, Any]) -> float:
    moment = task.get("startedAt") or task.get("createdAt")
    return moment.timestamp() if moment else 0.0


def _named(service: Service, tasks: list[Mapping[str, Any]], wanted: str) -> Mapping[str, Any]:
    meant = [one for one in tasks if _id(one).startswith(wanted)]
    if len(meant) == 1 and _runs(meant[0]):
        return meant[0]
    if len(meant) == 1:
        status = meant[0].get("lastStatus")
        raise DeployError(Exit.REJECTED, f"task {_id(meant[0])} is {status}; it has to be RUNNING")
    known = [_id(one)[:SHORT] for one in tasks if _runs(one)]
    if meant:
        ids = ", ".join(_id(one) for one in meant)
        raise DeployError(Exit.INPUT, f"{len(meant)} tasks begin with {wanted}: {ids}")
    others = f"; there are: {', '.join(known)}" if known else ""
    raise DeployError(
        Exit.INPUT, f"{service.logical_id} has no running task that begins with {wanted}{others}"
    )


def _runs(task: Mapping[str, Any]) -> bool:
    return task.get("lastStatus") == "RUNNING"


def _id(task: Mapping[str, Any]) -> str:
    return last(str(task["taskArn"]))
