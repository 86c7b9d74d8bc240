"""A deployment over time: new tasks up, old ones down; or the circuit breaker, and back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tests.fake_aws.ecs.model import Deployment, Service, Task
from tests.fake_aws.ecs.wishes import SERVICE
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fake_aws.ecs.tasks import Tasks
    from tests.fake_aws.world import World

TICK_S = 1.0


class Rollouts:
    """Runs the deployments of services."""

    def __init__(self, world: World, tasks: Tasks) -> None:
        self._world = world
        self._tasks = tasks

    def begin(
        self, service: Service, definition_arn: str, *, is_forced: bool = False
    ) -> Deployment:
        """A new primary deployment; the one before it becomes the source.

        What was good before may fail when it is *forced*: a secret is gone, say.
        """
        now, ids = self._world.clock.aws_time(), self._world.ids
        number = "".join(str(int(one, 16) % 10) for one in ids.hex(19))
        place = f"{service.cluster_arn.rpartition('/')[2]}/{service.name}"
        source = next((one for one in service.deployments if one.status == "PRIMARY"), None)
        for one in service.deployments:
            self._supersede(service, one)
        made = Deployment(
            f"ecs-svc/{number}",
            arn("ecs", f"service-deployment/{place}/{ids.hex(21)}"),
            arn("ecs", f"service-revision/{place}/{number}"),
            definition_arn,
            service.desired,
            now,
            now,
            source,
        )
        made.is_new = is_forced or definition_arn not in service.good
        made.rollout_reason = f"ECS deployment {made.id} in progress."
        breaker = service.configuration.get("deploymentCircuitBreaker", {})
        if breaker.get("enable"):
            made.breaker = "MONITORING"
            made.threshold = min(200, max(3, math.ceil(service.desired * 0.5)))
        service.deployments.insert(0, made)
        service.definition_arn = definition_arn
        made.process = self._world.clock.run(self._steps(service, made))
        return made

    def _supersede(self, service: Service, old: Deployment) -> None:
        if old.process is not None:
            old.process.cancel()
        if old.status == "PRIMARY":
            old.status = "ACTIVE"
        if old.state == "IN_PROGRESS":
            old.state, old.finished = "STOPPED", self._world.clock.aws_time()
            old.superseded = True
            old.state_reason = "The deployment was stopped because a newer one started."
        if not any(one.lives for one in service.tasks_of(old)):
            old.status = "INACTIVE"

    def _steps(self, service: Service, made: Deployment) -> Iterator[float]:
        if service.controller != "ECS":
            return
        wish_s = 0.0
        while True:
            place = self._world.script.place_wish_for(service.name)
            if place is not None and made.is_new:
                if wish_s % 15 == 0:
                    self.say(service, f"was unable to place a task {place.message}")
                wish_s += TICK_S
            else:
                self._fill(service, made, is_new=made.is_new)
            if self._trips(service, made):
                return
            living = [one for one in service.tasks_of(made) if one.lives]
            made.updated = self._world.clock.aws_time()
            if sum(one.health == "HEALTHY" for one in living) >= made.desired:
                break
            yield TICK_S
        if made.state == "IN_PROGRESS":  # not on the way back
            yield from self._pause(made)
        if self._trips(service, made):
            return
        yield from self._finish(service, made)

    def _fill(self, service: Service, made: Deployment, *, is_new: bool) -> None:
        definition = self._world.ecs.definitions.get(made.definition_arn)
        living = [one for one in service.tasks_of(made) if one.lives]
        started = []
        for _ in range(made.desired - len(living)):
            wish = self._world.script.wish_for(service.name) if is_new else None
            task = self._tasks.start(
                service.cluster_arn,
                definition,
                group=f"service:{service.name}",
                started_by=made.id,
                service=service,
                wish=wish,
                has_exec=service.settings.get("enableExecuteCommand", False),
            )
            service.tasks.append(task)
            started.append(task.id)
        if started:
            told = " ".join(f"(task {one})" for one in started)
            self.say(service, f"has started {len(started)} tasks: {told}.")

    def _trips(self, service: Service, made: Deployment) -> bool:
        failures = sum(one.failed for one in service.tasks_of(made))
        if made.breaker == "MONITORING" and failures >= made.threshold:
            made.breaker = "TRIGGERED"
            words = "circuit breaker threshold was exceeded"
            rolls_back = service.configuration["deploymentCircuitBreaker"].get("rollback")
            self.fail(service, made, words, roll_back=bool(rolls_back))
            return True
        alarms = service.configuration.get("alarms", {})
        ringing = self._world.cloudwatch.ringing(alarms.get("alarmNames", []))
        if alarms.get("enable") and ringing and made.state == "IN_PROGRESS":
            made.triggered_alarms = ringing
            words = f"CloudWatch alarm {', '.join(ringing)} was triggered"
            self.fail(service, made, words, roll_back=bool(alarms.get("rollback")))
            return True
        return False

    def fail(
        self, service: Service, made: Deployment, why: str, *, roll_back: bool, asked: bool = False
    ) -> None:
        """End a deployment badly; go back where that is wanted and possible."""
        if made.process is not None:
            made.process.cancel()
        made.rollout, made.finished = "FAILED", self._world.clock.aws_time()
        made.rollout_reason = "ECS deployment circuit breaker: tasks failed to start."
        if asked:
            made.rollout_reason = f"ECS deployment {made.id} was stopped."
        self.say(service, f"(deployment {made.id}) deployment failed: {why}.")
        source = made.source
        if not roll_back or source is None:
            made.state, made.state_reason = "STOPPED", f"Service deployment stopped because {why}."
            return
        made.state = "ROLLBACK_IN_PROGRESS"
        made.state_reason = f"Service deployment is rolling back because {why}."
        made.rollback = {
            "reason": f"Service deployment rolled back because {why}.",
            "startedAt": self._world.clock.aws_time(),
            "serviceRevisionArn": source.revision_arn,
        }
        made.finished = None
        self.say(service, f"rolling back to deployment {source.id}.")
        self._stop_all(service, made, f"(deployment {source.id})")
        made.status, source.status = "ACTIVE", "PRIMARY"
        service.definition_arn, source.desired = source.definition_arn, service.desired
        source.rollout, source.breaker = "IN_PROGRESS", "DISABLED"
        source.rollout_reason = (
            f"ECS deployment circuit breaker: rolling back to deploymentId {source.id}."
        )
        source.process = self._world.clock.run(self._steps(service, source))

    def top_up(self, service: Service, made: Deployment) -> None:
        """Start the tasks that a steady service lacks."""
        self._fill(service, made, is_new=False)

    def _pause(self, made: Deployment) -> Iterator[float]:
        for stage in list(self._world.script.pauses):
            made.stage = stage
            hook: dict[str, Any] = {
                "hookId": f"hook-{self._world.ids.hex(8)}",
                "targetType": "PAUSE",
                "status": "AWAITING_ACTION",
                "expiresAt": self._world.in_s(self._world.script.pause_hook_s),
                "timeoutAction": "ROLLBACK",
            }
            made.hooks.append(hook)
            while hook["status"] == "AWAITING_ACTION":
                yield TICK_S

    def _finish(self, service: Service, made: Deployment) -> Iterator[float]:
        yield TICK_S
        for old in service.deployments:
            if old is not made and old.status != "INACTIVE":
                self._stop_all(service, old, f"(deployment {made.id})")
                old.status = "INACTIVE"
        yield TICK_S
        service.good.add(made.definition_arn)
        made.is_new = False
        made.rollout, made.rollout_reason = "COMPLETED", f"ECS deployment {made.id} completed."
        made.finished = made.updated = self._world.clock.aws_time()
        made.stage = None
        if made.breaker == "MONITORING":
            made.breaker = "MONITORING_COMPLETE"
        made.state = "SUCCESSFUL"
        failed = next((x for x in service.deployments if x.state == "ROLLBACK_IN_PROGRESS"), None)
        if failed is not None:
            failed.state, failed.finished = "ROLLBACK_SUCCESSFUL", made.finished
            failed.state_reason = failed.rollback["reason"] if failed.rollback else None
        self.say(service, f"(deployment {made.id}) deployment completed.")
        self.say(service, "has reached a steady state.")

    def _stop_all(self, service: Service, old: Deployment, by: str) -> None:
        living = [one for one in service.tasks_of(old) if one.lives]
        for one in living:
            self.scale_in(service, one, by)
        if living:
            told = " ".join(f"(task {one.id})" for one in living)
            self.say(service, f"has stopped {len(living)} running tasks: {told}.")

    def scale_in(self, service: Service, task: Task, by: str) -> None:
        """Stop a healthy task that is not wanted any more."""
        reason = f"Scaling activity initiated by {by}"
        self._tasks.stop(task, SERVICE, reason, exit_code=143, service=service)

    def say(self, service: Service, message: str) -> None:
        """A service event."""
        event = {
            "id": self._world.ids.uuid(),
            "createdAt": self._world.clock.aws_time(),
            "message": f"(service {service.name}) {message}",
        }
        service.events.insert(0, event)
