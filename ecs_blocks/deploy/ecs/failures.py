"""The tasks that failed in one deployment: each once, with the log lines of when it was first seen.

A rollback deletes the service and, after a failed create, the log group; ECS forgets a stopped task
after about an hour. So the lines are read at first sight and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from ecs_blocks.deploy.ecs import logs
from ecs_blocks.deploy.ecs.classify import classify, culprit, from_event, is_scale_in
from ecs_blocks.deploy.ecs.names import anonymous

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ecs.state import Happening
    from ecs_blocks.deploy.progress import FailedTask, FailureKind

    Definitions = Callable[[str], Mapping[str, Any] | None]
    Key = tuple[FailureKind, str, str, int | None]

_TRIES: Final = 3
"""How often log lines are asked for: they come a few seconds after the container wrote them."""
_HEALTH: Final = "health check"


def key_of(failed: FailedTask) -> Key:
    """What two failures have in common that are the same."""
    return (failed.kind, anonymous(failed.summary), failed.container, failed.exit_code)


class Failures:
    """Collects them. ``previous`` is the task definition that ran before, once it is known."""

    def __init__(self, aws: Aws, definitions: Definitions) -> None:
        self._aws = aws
        self._definitions = definitions
        self._tasks: dict[Key, _Same] = {}
        self._placed: dict[Key, FailedTask] = {}
        self.previous: Mapping[str, Any] | None = None

    def take(self, task: Mapping[str, Any], health: str = "") -> bool:
        """Take a stopped task of this deployment; whether it is done with.

        One that is still stopping has no exit code yet and is better taken again; one that failed a
        health check has all that there is to know, long before its connections are drained.
        """
        reason = str(task.get("stoppedReason", ""))
        if is_scale_in(task):
            return True
        if task.get("lastStatus") != "STOPPED" and _HEALTH not in reason:
            return False
        definition = self._definitions(str(task.get("taskDefinitionArn", "")))
        failed = classify(task, definition, previous=self.previous, health=health)
        key = key_of(failed)
        if key in self._tasks:
            self._tasks[key].again(task)
        else:
            self._tasks[key] = _Same(failed, task, health)
            self._read_lines(self._tasks[key])
        return True

    def look_again(self) -> None:
        """Ask again for log lines that were not there yet."""
        for same in self._tasks.values():
            if not same.is_final and same.tries < _TRIES:
                self._read_lines(same)

    def _read_lines(self, same: _Same) -> None:
        definition = self._definitions(str(same.task.get("taskDefinitionArn", "")))
        container = culprit(same.task, definition)
        found = logs.tail(self._aws, same.task, container, definition)
        same.tries += 1
        same.is_final = found.is_final
        failed = classify(
            same.task, definition, lines=found.lines, previous=self.previous, health=same.health
        )
        same.failed = structs.replace(failed, note=found.note)

    def place(self, events: Sequence[Happening], definition: Mapping[str, Any] | None) -> None:
        """Take what the service's *events* tell of tasks that never came to be."""
        told = [from_event(one.message, definition) for one in events]
        counts: dict[Key, int] = {}
        for failed in told:
            if failed is not None:
                key = key_of(failed)
                counts[key] = counts.get(key, -1) + 1
                same = max(counts[key], self._placed[key].same if key in self._placed else 0)
                self._placed[key] = structs.replace(failed, same=same)

    def all(self) -> tuple[FailedTask, ...]:
        """Every failure, those of real tasks first; an event about such a task is left out."""
        tasks = [structs.replace(one.failed, same=one.same) for one in self._tasks.values()]
        known = {(one.kind, anonymous(one.summary)) for one in tasks}
        placed = [
            one for one in self._placed.values() if (one.kind, anonymous(one.summary)) not in known
        ]
        return (*tasks, *placed)


class _Same:
    """Tasks that failed for one reason: the first of them, and how many more."""

    def __init__(self, failed: FailedTask, task: Mapping[str, Any], health: str) -> None:
        self.failed = failed
        self.task = task
        self.health = health
        self.same = 0
        self.tries = 0
        self.is_final = False

    def again(self, task: Mapping[str, Any]) -> None:
        self.same += 1
        if not self.failed.log_lines and not self.is_final:
            self.task = task  # its lines may be there where those of the first never came
