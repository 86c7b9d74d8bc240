"""The life of a task: provisioned, running, healthy, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.ecs.model import Service, Task
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fake_aws.ecs.wishes import TaskWish
    from tests.fake_aws.world import World

PENDING_S: Final = 2.0
RUNNING_S: Final = 3.0
HEALTHY_S: Final = 5.0
SOUND_S: Final = 60.0
"""A task that exits sooner never counts as healthy."""
DRAIN_S: Final = 5.0
EXEC_AGENT: Final = "ExecuteCommandAgent"


class Tasks:
    """Starts tasks and lets them end."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: list[Task] = []

    def start(
        self,
        cluster_arn: str,
        definition: dict[str, Any],
        *,
        group: str,
        started_by: str,
        service: Service | None = None,
        wish: TaskWish | None = None,
        overrides: dict[str, Any] | None = None,
        has_exec: bool = False,
    ) -> Task:
        """A new task, which goes on by itself."""
        cluster = cluster_arn.rpartition("/")[2]
        task_arn = arn("ecs", f"task/{cluster}/{self._world.ids.hex(32)}")
        number = len(self.all) + 1
        containers = [
            {
                "containerArn": arn("ecs", f"container/{cluster}/{self._world.ids.uuid()}"),
                "taskArn": task_arn,
                "name": one["name"],
                "image": one["image"],
                "lastStatus": "PENDING",
                "healthStatus": "UNKNOWN",
            }
            for one in definition["containerDefinitions"]
        ]
        task = Task(
            task_arn,
            cluster_arn,
            group,
            started_by,
            definition,
            self._world.clock.aws_time(),
            containers,
            f"10.0.{number // 250}.{number % 250 + 4}",
            overrides=overrides or {},
        )
        task.has_exec = has_exec
        if has_exec:
            for one in containers:
                one["managedAgents"] = [{"name": EXEC_AGENT, "lastStatus": "PENDING"}]
        self.all.append(task)
        task.process = self._world.clock.run(self._life(task, service, wish))
        return task

    def _life(self, task: Task, service: Service | None, wish: TaskWish | None) -> Iterator[float]:
        yield PENDING_S
        task.status = "PENDING"
        if wish is not None and not wish.runs:
            yield wish.after_s
            self._end(task, service, wish)
            return
        yield RUNNING_S
        task.status, task.started = "RUNNING", self._world.clock.aws_time()
        for number, one in enumerate(task.containers, 1):
            one["lastStatus"] = "RUNNING"
            one["runtimeId"] = f"{task.id}-{number:010}"
            for agent in one.get("managedAgents", ()):
                agent["lastStatus"] = "RUNNING"
        groups = service.target_groups if service else []
        for group in groups:
            self._world.elb.register(group, task.ip)
        if wish is None:
            yield HEALTHY_S
            self._is_healthy(task, groups)
            return
        if wish.health != "healthy":
            self._is_unhealthy(task, groups, wish)
        elif wish.after_s > SOUND_S:
            self._is_healthy(task, groups)
        yield wish.after_s
        self._end(task, service, wish)

    def _is_healthy(self, task: Task, groups: list[str]) -> None:
        task.health = "HEALTHY"
        for group in groups:
            self._world.elb.set_health(group, task.ip, "healthy")
        for one in task.containers:
            if any(
                "healthCheck" in body and body["name"] == one["name"]
                for body in task.definition["containerDefinitions"]
            ):
                one["healthStatus"] = "HEALTHY"

    def _is_unhealthy(self, task: Task, groups: list[str], wish: TaskWish) -> None:
        task.health = "UNHEALTHY"
        if wish.health == "unhealthy":
            for group in groups:
                self._world.elb.set_health(group, task.ip, "unhealthy", wish.health_reason)
        else:
            task.containers[0]["healthStatus"] = "UNHEALTHY"

    def _end(self, task: Task, service: Service | None, wish: TaskWish) -> None:
        groups = service.target_groups if service else []
        reason = wish.reason.replace("{target_group}", groups[0] if groups else "none")
        self._write(task, wish.logs)
        task.failed = True
        self.stop(
            task,
            wish.stop_code,
            reason,
            exit_code=wish.exit_code,
            container_reason=wish.container_reason,
            service=service,
        )

    def _write(self, task: Task, lines: tuple[str, ...]) -> None:
        body = _essential(task)
        log = body.get("logConfiguration", {})
        options = log.get("options", {})
        if log.get("logDriver") != "awslogs" or not lines:
            return
        stream = f"{options.get('awslogs-stream-prefix', 'ecs')}/{body['name']}/{task.id}"
        self._world.logs.write(options["awslogs-group"], stream, lines)

    def stop(
        self,
        task: Task,
        code: str,
        reason: str,
        *,
        exit_code: int | None = None,
        container_reason: str | None = None,
        service: Service | None = None,
    ) -> None:
        """Stop a task now."""
        if task.process is not None:
            task.process.cancel()
        task.status = task.desired = "STOPPED"
        task.stopped, task.stop_code, task.stopped_reason = (
            self._world.clock.aws_time(),
            code,
            reason,
        )
        essential = _essential(task)["name"]
        for one in task.containers:
            one["lastStatus"] = "STOPPED"
            main = one["name"] == essential
            if main and container_reason:
                one["reason"] = container_reason
            if main and exit_code is not None:
                one["exitCode"] = exit_code
            elif task.started is not None:
                one["exitCode"] = 0
        for group in service.target_groups if service else []:
            self._world.elb.deregister(group, task.ip, DRAIN_S)


def _essential(task: Task) -> dict[str, Any]:
    bodies = task.definition["containerDefinitions"]
    found = next((one for one in bodies if one.get("essential", True)), bodies[0])
    assert isinstance(found, dict)
    return found
