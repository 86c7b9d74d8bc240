"""One step before a deploy: a task with the new image, started once, followed to its end.

Its token comes from the deploy's: a process that was killed and starts again finds the task, and
follows it, or sees how it ended.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, structs

from ecs_blocks.deploy.ecs import facts, logs
from ecs_blocks.deploy.ecs.classify import classify
from ecs_blocks.deploy.ecs.names import last, printable
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off.earlier import Earlier, latest, of_others, tasks_of
from ecs_blocks.deploy.one_off.follow import End, Followed, Following, Wish, follow
from ecs_blocks.deploy.one_off.new_version import new_version
from ecs_blocks.deploy.one_off.request import Job
from ecs_blocks.deploy.one_off.revision import (
    deregister,
    family_of,
    is_one_off,
    marked,
    register,
)
from ecs_blocks.deploy.one_off.service import Service, read_definition
from ecs_blocks.deploy.one_off.start import start
from ecs_blocks.deploy.place import Place
from ecs_blocks.deploy.progress import FailedTask, FailureKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.ui import Ui

_SHOWN: Final = 10
_OLD_SERVES: Final = "the old version goes on serving; nothing was changed"


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """A step as the template has it; ``service`` is a logical id."""

    name: str
    service: str
    command: tuple[str, ...]
    container: str | None = None
    timeout_minutes: int = 15

    @property
    def line(self) -> str:
        """The command as a shell would take it."""
        return shlex.join(self.command)


class StepError(DeployError):
    """A step that ran and failed; ``task`` says how, with the container's last lines.

    ``operation`` tells this attempt from every other; ``began`` is when ECS made its task, in ISO
    8601, empty where it does not say.
    """

    def __init__(
        self, message: str, hint: str, *, task: FailedTask, operation: str, began: str
    ) -> None:
        super().__init__(Exit.REJECTED, message, hint)
        self.task = task
        self.operation = operation
        self.began = began


class StepRun(Struct, frozen=True, kw_only=True):
    """A step in one deploy. ``key`` is what the tokens of its attempts begin with.

    ``keys`` are those of all the deploy's steps: a task with another is of another deploy.
    """

    place: Place
    step: Step
    service: Service
    container: str
    key: str
    keys: frozenset[str]

    def run(self, aws: Aws, template: Mapping[str, Any], ui: Ui, *, again: bool) -> None:
        """Run it with what the resolved *template* says, or find how it went before.

        Raises:
            DeployError: it failed, or goes on, or another deploy runs one of its steps now.
        """
        name, family = self.step.name, family_of(self.service.definition)
        tasks = tasks_of(aws, self.service.cluster, family)
        before = latest(tasks, self.key)
        code = None if before is None or before.taken_away else before.exit_code(self.container)
        if before is not None and code == 0:
            ui.say(f"{name} ran in this deploy before (task {before.task_id}); not run again")
            _take_away(aws, marked(aws, family, self.key), ui)
            return
        if before is not None and not before.has_ended(self.container):
            ui.say(f"{name} is running already in task {before.task_id}; following it")
            self._follow(aws, before.task, before.definition, ui)
            return
        if before is not None and code is not None and not again:
            _take_away(aws, marked(aws, family, self.key), ui)
            raise self._failed_before(aws, before)  # one that never ran to its end is tried again
        other = of_others(tasks, self.keys)
        if other is not None:
            raise self._blocked(other)
        definition = self._registered(aws, template, ui)
        try:
            task = self._started(aws, definition, before.attempt + 1 if before else 1)
        except BaseException:
            _take_away(aws, definition, ui)
            raise
        ui.say(f"{name}: {self.step.line} in task {last(str(task['taskArn']))}")
        definition = str(task.get("taskDefinitionArn") or definition)
        self._follow(aws, task, definition, ui)

    def _follow(self, aws: Aws, task: Mapping[str, Any], definition: str, ui: Ui) -> None:
        try:
            following = Following(
                cluster=self.service.cluster,
                task_arn=str(task["taskArn"]),
                container=self.container,
                definition=read_definition(aws, definition),
                timeout_s=self.step.timeout_minutes * 60.0,
            )
            followed = follow(aws, following, _Viewer(self.step.name, ui))
        finally:
            _take_away(aws, definition, ui)
        self._judge(followed, _began(task))
        ui.say(f"{self.step.name} has done its work")

    def _registered(self, aws: Aws, template: Mapping[str, Any], ui: Ui) -> str:
        """The ARN of a revision: the running task definition with the new version's container."""
        definition = self.service.definition
        running = facts.container(definition, self.container)
        new = new_version(running, template, self.step.service)
        for names, what in (
            (new.kept, "known only after the deploy, so as they run now"),
            (new.left_out, "known only after the deploy, so left out"),
            (new.new_secrets, "new secrets, which the running execution role may not read yet"),
        ):
            if names:
                ui.say(f"{self.step.name}: {what}: {', '.join(names)}")
        return register(aws, definition, new.container, self.key)

    def _started(self, aws: Aws, definition: str, attempt: int) -> Mapping[str, Any]:
        token = f"{self.key}-{attempt}"
        job = Job(
            service=self.service,
            definition=definition,
            container=self.container,
            command=self.step.command,
            started_by=token,
            token=token,
            on_demand=True,
        )
        return start(aws, job)

    def _blocked(self, other: Earlier) -> DeployError:
        container = other.container(other.overridden) or {}
        since = other.task.get("createdAt")
        began = f", since {since:%Y-%m-%d %H:%M:%S %Z}" if since else ""
        return DeployError(
            Exit.BLOCKED,
            f"{self.step.name} was not begun: another deploy of {self.place.stack_name} runs a "
            f"step of its own, with {container.get('image', 'an image that ECS does not tell')} in "
            f"task {other.task_id}{began}; nothing was changed",
            f"see what it does: {self.place.command('logs')} --task {other.task_id}; once it has "
            "ended, run the same command again",
        )

    def _failed_before(self, aws: Aws, before: Earlier) -> DeployError:
        """It failed while nobody looked, or is deployed again with nothing changed."""
        definition = read_definition(aws, before.definition)
        tail = logs.tail(aws, before.task, before.container(self.container), definition)
        followed = Followed(
            End.OVER,
            before.task_id,
            "STOPPED",
            before.exit_code(self.container),
            classify(before.task, definition, lines=tail.lines),
        )
        before_this = "it failed in this deploy before and was not run again: "
        way = "to run it once more, add --again to the same command"
        return self._failure(followed, _began(before.task), before_this, way)

    def _judge(self, followed: Followed, began: str) -> None:
        """Whether the deploy may go on.

        Raises:
            DeployError: the step failed, or goes on.
        """
        name, task_id = self.step.name, followed.task_id
        if followed.end is End.OVER and followed.taken_away:
            raise DeployError(
                Exit.REJECTED,
                f"{name} did not run to its end: AWS took the machine of task {task_id} away; "
                f"{_OLD_SERVES}",
                "run the same deploy again: it runs the step once more",
            )
        if followed.end is End.OVER and followed.exit_code == 0:
            return
        if followed.end in (End.DETACHED, End.TERMINATED):
            code = Exit.INTERRUPTED if followed.end is End.DETACHED else Exit.TERMINATED
            raise DeployError(
                code,
                f"{name} goes on in task {task_id}; the deploy has not begun, and the old version "
                "goes on serving",
                "run the same deploy again: it follows this task, and goes on after it",
            )
        if followed.end is End.TIMEOUT and followed.exit_code is None and not followed.failure:
            raise DeployError(
                Exit.STILL_RUNNING,
                f"{name} took longer than {self.step.timeout_minutes} minutes and could not be "
                f"stopped; {_OLD_SERVES}",
                f"see what it does: {self.place.command('logs')} --task {task_id}",
            )
        raise self._failure(followed, began)

    def _failure(
        self, followed: Followed, began: str, before: str = "", way: str = ""
    ) -> StepError:
        """How it failed. *before* stands before why, and *way* after what to do."""
        failure = followed.failure
        why, hint = (failure.summary, failure.hint) if failure else ("it was stopped", "")
        if followed.end is End.STOPPED:
            why, hint = "it was stopped by hand", ""
        elif followed.end is End.TIMEOUT:
            why = f"it took longer than {self.step.timeout_minutes} minutes and was stopped"
            hint = "give it more with timeout_minutes=, or let it do less at a time"
        code = followed.exit_code
        ended = "it never ran" if code is None else f"exit code {code}"
        lines = [printable(line) for line in (failure.log_lines if failure else ())[-_SHOWN:]]
        shown = "".join(f"\n    {line}" for line in lines)
        task = failure or FailedTask(followed.task_id, FailureKind.OTHER, why)
        return StepError(
            f"{self.step.name} failed before the deploy ({ended}, task {followed.task_id}): "
            f"{before}{why}; {_OLD_SERVES}{shown}",
            "; ".join(filter(None, (hint, way))),
            task=structs.replace(
                task, summary=why, container=self.container, exit_code=followed.exit_code
            ),
            operation=f"{self.key}-{followed.task_id}",
            began=began,
        )


def _began(task: Mapping[str, Any]) -> str:
    made = task.get("createdAt")
    return made.isoformat() if made else ""


def _take_away(aws: Aws, definition: str | None, ui: Ui) -> None:
    if definition and is_one_off(definition):
        left = deregister(aws, definition)
        if left:
            ui.say(left)


class _Viewer:
    """Shows a step through the deploy's own ui."""

    def __init__(self, name: str, ui: Ui) -> None:
        self._name = name
        self._ui = ui

    def line(self, text: str) -> None:
        """Show a line of the container."""
        self._ui.say(f"{self._name} | {text}")

    def say(self, text: str) -> None:
        """Say something about the task."""
        self._ui.say(f"{self._name}: {text}")

    def interrupted(self, stop: KeyboardInterrupt) -> Wish:
        """Ask; to cancel the deploy is here to stop the step."""
        wishes = {"DETACH": Wish.DETACH, "CANCEL": Wish.STOP, "WATCH": Wish.WATCH}
        return wishes[self._ui.interrupted(stop).name]
