"""One ECS service, looked at again and again while its deployment goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.deploy.calls import ERRORS, is_denied, is_passing, text_of
from ecs_blocks.deploy.ecs.failures import Failures
from ecs_blocks.deploy.ecs.names import family_of, last
from ecs_blocks.deploy.ecs.reading import OVER, Reader
from ecs_blocks.deploy.ecs.standing import Standing, replaced_by, standing, word
from ecs_blocks.deploy.ecs.view import (
    events_since,
    health_of,
    new_tasks,
    old_tasks,
    pause_of,
    waiting_for,
)
from ecs_blocks.deploy.progress import Service

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ecs.state import State
    from ecs_blocks.deploy.progress import FailedTask, Target

_SERVICE_EVERY_S: Final = 5.0
_TASKS_EVERY_S: Final = 10.0
_SILENT_S: Final = 15.0


class ServiceWatcher:
    """Watches the deployment of one service.

    ``target_task_definition`` is the ARN of the one that the stack deploys; without it, that of the
    first deployment that is in progress is taken. ``deployment_id`` says which of its deployments,
    where those before it have the same one. ``cluster`` is where the service is, for an ARN
    of the old format. ``state`` is the service as it was last seen,
    None where it does not exist; ``error`` is why the last look failed, None if it did not.
    """

    def __init__(
        self,
        aws: Aws,
        logical_id: str,
        service_arn: str,
        target_task_definition: str | None = None,
        *,
        cluster: str = "",
        deployment_id: str = "",
    ) -> None:
        self._aws = aws
        self._deployment_id = deployment_id
        self._logical_id = logical_id
        self._name = last(service_arn)
        self._reader = Reader(aws, service_arn, cluster)
        self._failures = Failures(aws, self._reader.definition)
        self._seen: set[str] = set()
        self._ids: set[str] = set()
        self._first: tuple[str, str] | None = None
        self._since: dt.datetime | None = None
        self._before: dict[str, None] = {}
        self._is_moving = False
        self._targets: tuple[Target, ...] = ()
        self._next_s = self._next_tasks_s = self._heard_s = aws.clock.now_s()
        self.target = target_task_definition or ""
        self.state: State | None = None
        self.error: Exception | None = None
        self.was_read = False

    def look(self, *, at_once: bool = False) -> Service:
        """What is known now; asks AWS for what is due, and never raises because of AWS's errors.

        With *at_once* everything is due: when the operation is over, tasks that failed in its last
        seconds are there to be seen, and soon no more.
        """
        now_s = self._aws.clock.now_s()
        if at_once:
            self._next_s = self._next_tasks_s = now_s
        if now_s >= self._next_s:
            self._next_s = now_s + _SERVICE_EVERY_S
            try:
                self._read_service()
            except ERRORS as error:
                self.error = error
            else:
                self.error, self.was_read, self._heard_s = None, True, now_s
        if now_s >= self._next_tasks_s and self.target:
            self._next_tasks_s = now_s + _TASKS_EVERY_S
            self._read_tasks()
        return self._view()

    @property
    def reader(self) -> Reader:
        """What asks AWS about this service."""
        return self._reader

    @property
    def failures(self) -> tuple[FailedTask, ...]:
        """The failed tasks so far."""
        return self._failures.all()

    @property
    def was_seen(self) -> bool:
        """Whether a deployment of the target was there at any time."""
        return bool(self._ids)

    @property
    def standing(self) -> Standing:
        """Where the target's deployment stands by what was last seen."""
        return standing(self.state, self.target, was_seen=self.was_seen)

    @property
    def replaced_by(self) -> str:
        """A sentence on what is deployed instead of the target, or an empty text."""
        return replaced_by(self.state, self.target, self._before) if self.state else ""

    def _read_service(self) -> None:
        found = self._reader.state()
        if found is not None and found.status != "INACTIVE":
            found = structs.replace(found, deployment_id=self._deployment_id)
            found = structs.replace(found, rollout=self._reader.rollout(found, self.target or None))
            if not self.target:
                self._find_target(found)
            if self.target:
                self._note_deployments(found)
        self.state = found

    def _find_target(self, found: State) -> None:
        """Take the task definition of what is being deployed, once something is."""
        primary, newest = found.primary, found.rollout
        if primary is None:
            return
        now = (primary.id, newest.arn if newest else "")
        first, self._first = self._first, self._first or now
        is_new = newest is not None and newest.arn != (first or now)[1]
        if newest and newest.task_definition and (is_new or newest.status not in OVER):
            self.target = newest.task_definition
        elif primary.rollout not in ("", "COMPLETED") or primary.id != (first or now)[0]:
            self.target = primary.task_definition

    def _note_deployments(self, found: State) -> None:
        """Remember our deployment: after a rollback it is listed no more."""
        mine = found.of(self.target)
        if not self._ids:
            others = (one.task_definition for one in found.deployments)
            self._before.update(dict.fromkeys(one for one in others if one != self.target))
        if mine is not None and mine.id not in self._ids:
            self._ids = {mine.id}
            self._since = mine.created_at
        if found.rollout:
            self._ids.add(f"ecs-svc/{found.rollout.revision_id}")
            self._since = self._since or found.rollout.created_at
        moving = (Standing.UNSEEN, Standing.DEPLOYED, Standing.ELSEWHERE)
        at = standing(found, self.target, was_seen=self.was_seen)
        self._is_moving = self._is_moving or at not in moving

    def _read_tasks(self) -> None:
        now = self.state
        if now is not None:
            groups = [group for pair in now.target_groups for group in pair]
            self._targets = self._reader.targets(groups)
        is_blind = self.error is not None and is_denied(self.error)
        if not (self._is_moving or is_blind):
            return  # what failed in a deployment before this one is no concern of it
        events = events_since(now, self._since)
        self._failures.look_again()
        tasks = self._reader.stopped_tasks(family_of(self.target), self._seen)
        if tasks and self._failures.previous is None and self._before:
            self._failures.previous = self._reader.definition(next(iter(self._before)))
        for task in tasks:
            health = health_of(task, events, self._targets)
            if not self._is_ours(task) or self._failures.take(task, health):
                self._seen.add(str(task.get("taskArn", "")))
        if events:
            self._failures.place(events, self._reader.definition(self.target))

    def _is_ours(self, task: Mapping[str, Any]) -> bool:
        if task.get("taskDefinitionArn") != self.target:
            return False
        by = str(task.get("startedBy", ""))
        return by in self._ids if self._ids else by.startswith("ecs-svc/")

    def _view(self) -> Service:
        now, target = self.state, self.target
        found = now.rollout if now else None
        return Service(
            logical_id=self._logical_id,
            name=now.name if now else self._name,
            rollout=word(now, target) if self.was_read else "",
            new=new_tasks(now, target) if target else None,
            old=old_tasks(now, target),
            breaker_failures=found.failures if found else None,
            breaker_threshold=found.threshold if found else None,
            stage=found.stage if found else "",
            waiting_for=waiting_for(pause_of(found)),
            pause=pause_of(found),
            targets=self._targets,
            alarms=found.alarms if found else (),
            failures=self.failures,
            note="; ".join(self._notes()),
            failed_tasks=self._failed_tasks(),
        )

    def _failed_tasks(self) -> int | None:
        """ECS's own number is no help: it counts from 0 again once a task runs."""
        if not self._is_moving or any(self._notes()):
            return None
        return sum(1 + one.same for one in self.failures if one.task_id)

    def _notes(self) -> Iterator[str]:
        if self.standing is Standing.REPLACED:
            yield self.replaced_by
        if self.error is not None:
            silent_s = self._aws.clock.now_s() - self._heard_s
            if is_denied(self.error):
                yield "permission ecs:DescribeServices is missing"
            elif not is_passing(self.error):
                yield f"ECS cannot be asked: {text_of(self.error)}"
            elif silent_s >= _SILENT_S:
                yield f"ECS has not answered for {silent_s:.0f} s"
        yield from self._reader.notes.values()
