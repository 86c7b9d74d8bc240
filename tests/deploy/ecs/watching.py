"""What the tests of the watcher share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.deploy.ecs.tasks import GROUP, LOG_GROUP, ended, task

if TYPE_CHECKING:
    from ecs_blocks.deploy.ecs.watcher import ServiceWatcher
    from ecs_blocks.deploy.progress import FailedTask
    from tests.deploy.ecs.world import VirtualClock

EXITED: Final = "Essential container in task exited"
ELB: Final = f"Task failed ELB health checks in (target-group {GROUP})"


def crashed(task_id: str = "1", **more: Any) -> dict[str, Any]:
    """A task of our deployment whose container exited 1 after 6 seconds."""
    settings = {"code": "EssentialContainerExited", "ran_s": 6, "at_s": 60, **more}
    return task(EXITED, ended(code=1), task_id=task_id, **settings)


def stream(task_id: str, name: str = "app") -> str:
    return f"{LOG_GROUP}:web/{name}/{task_id}"


def after(watcher: ServiceWatcher, clock: VirtualClock, seconds: float) -> tuple[FailedTask, ...]:
    clock.sleep(seconds)
    return watcher.look().failures
