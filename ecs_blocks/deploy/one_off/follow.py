"""Follow a task to its end: its statuses, its lines as they come, and the code that it ends with.

A failed call never says how the task ends. Following ends with what was seen of the task, with the
time that was given, or because somebody wants it to.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct

from ecs_blocks.deploy.calls import asked
from ecs_blocks.deploy.ecs.classify import classify
from ecs_blocks.deploy.ecs.logs import LINES, source
from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.one_off import containers
from ecs_blocks.deploy.one_off.earlier import was_taken_away
from ecs_blocks.deploy.one_off.start import stop as stop_task
from ecs_blocks.deploy.one_off.stream import Stream
from ecs_blocks.deploy.progress import FailedTask
from ecs_blocks.errors import Terminated

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws

_POLL_S: Final = 2.0
_SLOW_S: Final = 20.0
_UNSEEN_S: Final = 60.0
"""For so long ECS may not know yet of a task that it has just started."""
_SILENT_S: Final = 30.0
_LOST_S: Final = 900.0
_WAITING_S: Final = 60.0
_DRAIN_S: Final = 2.0
_QUIET_READS: Final = 2
_FIRST_READS: Final = 4
"""A line takes some seconds to arrive; the first one, which makes the stream, some more."""


class Wish(enum.Enum):
    """What somebody wants who presses Ctrl-C."""

    STOP = "stop the task"
    DETACH = "stop following; the task goes on"
    WATCH = "go on following"


class End(enum.Enum):
    """Why following ended."""

    OVER = "over"
    STOPPED = "stopped by hand"
    TIMEOUT = "the time is over"
    DETACHED = "detached"
    TERMINATED = "terminated"


class Viewer(Protocol):
    """Who sees it, and decides."""

    def line(self, text: str) -> None:
        """Show a line of the container."""

    def say(self, text: str) -> None:
        """Say something about the task."""

    def interrupted(self, stop: KeyboardInterrupt) -> Wish:
        """What a Ctrl-C or SIGTERM means."""


class Followed(Struct, frozen=True):
    """The task as it was last seen.

    ``exit_code`` is the container's, None where it never ran or still does. ``failure`` says why it
    failed; None where it did not. ``taken_away``: it lost its machine, whatever its exit code says.
    """

    end: End
    task_id: str
    status: str
    exit_code: int | None = None
    failure: FailedTask | None = None
    taken_away: bool = False


class Following(Struct, frozen=True, kw_only=True):
    """What is followed: *container* of a task. ``timeout_s`` None is as long as it takes."""

    cluster: str
    task_arn: str
    container: str
    definition: Mapping[str, Any]
    timeout_s: float | None = None

    @property
    def task_id(self) -> str:
        """The task's id."""
        return last(self.task_arn)


def follow(aws: Aws, following: Following, viewer: Viewer) -> Followed:
    """Follow until the container has ended; past its time the task is stopped.

    Raises:
        DeployError: the task is not known any more, the credentials are over, or contact is lost
            for good; it may go on.
    """
    return _Follower(aws, following, viewer).run()


class _Follower:
    def __init__(self, aws: Aws, following: Following, viewer: Viewer) -> None:
        self._aws = aws
        self._what = following
        self._viewer = viewer
        self._began_s = self._heard_s = aws.clock.now_s()
        self._task: Mapping[str, Any] = {}
        self._status = ""
        self._stream: Stream | None = None
        self._lines: deque[str] = deque(maxlen=LINES)
        self._end = End.OVER
        self._since_s = self._began_s
        self._pause_s = _POLL_S
        self._stopping = self._renewed = self._told = self._hinted = self._ended = False

    def run(self) -> Followed:
        while True:
            try:
                self._look()
                self._read()
                if self._is_over():
                    self._ended = True
                    self._drain()
                    return self._followed(self._end)
                if not self._in_time():
                    return self._followed(End.TIMEOUT)
                self._aws.clock.sleep(self._pause_s)
            except KeyboardInterrupt as stop:
                if self._ended:
                    return self._followed(self._end)
                wish = self._viewer.interrupted(stop)
                if wish is Wish.DETACH:
                    ended = isinstance(stop, Terminated)
                    return self._followed(End.TERMINATED if ended else End.DETACHED)
                if wish is Wish.STOP:
                    self._end = End.STOPPED
                    if not self._stop("stopped by hand (ecs-blocks)"):
                        return self._followed(End.DETACHED)

    def _look(self) -> None:
        """Ask how the task is; an answer that does not come changes nothing."""
        try:
            answer = asked(
                "reading the task",
                self._aws.client("ecs").describe_tasks,
                cluster=self._what.cluster,
                tasks=[self._what.task_arn],
            )
        except DeployError as error:
            self._unheard(error)
            return
        found = next(iter(answer.get("tasks") or ()), None)
        now_s = self._aws.clock.now_s()
        if found is None:
            if now_s - (self._heard_s if self._task else self._began_s) > _UNSEEN_S:
                raise DeployError(
                    Exit.NEEDS_A_PERSON,
                    f"ECS does not know the task {self._what.task_id} any more; how it ended was "
                    "not seen",
                )
            return
        self._heard_s, self._renewed, self._told = now_s, False, False
        self._pause_s = _POLL_S
        self._task = found
        self._say_status(str(found.get("lastStatus", "")), now_s)

    def _unheard(self, error: DeployError) -> None:
        if error.code == Exit.CREDENTIALS and not self._renewed:
            self._renewed = True
            self._aws.renew()
            return
        if error.code != Exit.STILL_RUNNING:
            raise error
        self._pause_s = min(self._pause_s * 2, _SLOW_S)
        silent_s = self._aws.clock.now_s() - self._heard_s
        if silent_s > _LOST_S:
            raise DeployError(
                Exit.STILL_RUNNING,
                f"no answer from AWS for {silent_s:.0f} s; the task {self._what.task_id} may go on",
            ) from error
        if silent_s > _SILENT_S and not self._told:
            self._told = True
            self._viewer.say("no contact with AWS; the task goes on there")

    def _say_status(self, status: str, now_s: float) -> None:
        if status != self._status:
            self._status = status
            self._since_s, self._hinted = now_s, False
            self._viewer.say(f"task {self._what.task_id} is {status}")
        elif status == "PROVISIONING" and now_s - self._since_s > _WAITING_S and not self._hinted:
            self._hinted = True
            self._viewer.say(
                "it waits for capacity: the cluster has no room and may be growing, which takes "
                "some minutes"
            )

    def _read(self) -> bool:
        """Show the lines that are new; whether there were any."""
        if self._stream is None:
            if self._container is None:
                return False
            where = source(self._task, self._container, self._what.definition)
            self._stream = Stream(self._aws, where)
            self._say_note()
        was_open = not self._stream.is_closed
        lines = self._stream.read()
        for line in lines:
            self._lines.append(line)
            self._viewer.line(line)
        if was_open:
            self._say_note()
        return bool(lines)

    def _say_note(self) -> None:
        if self._stream is not None and self._stream.is_closed:
            self._viewer.say(self._stream.note)

    @property
    def _container(self) -> Mapping[str, Any] | None:
        return containers.in_task(self._task, self._what.container)

    @property
    def _exit_code(self) -> int | None:
        return containers.exit_code(self._task, self._what.container)

    def _is_over(self) -> bool:
        """Whether the container has ended, and what is to be known of it is known."""
        if self._task.get("lastStatus") == "STOPPED":
            return True
        container = self._container or {}
        if self._exit_code is None or container.get("lastStatus") != "STOPPED":
            return False
        if not containers.is_essential(self._what.definition, self._what.container):
            self._stop(f"{self._what.container} has ended (ecs-blocks)")
            return True
        return self._exit_code == 0  # why it failed is known once the whole task has stopped

    def _drain(self) -> None:
        """The last lines arrive some seconds after the end."""
        stream = self._stream
        if stream is None or stream.is_closed or self._exit_code is None:
            return
        quiet = 0
        while quiet < (_QUIET_READS if self._lines else _FIRST_READS):
            self._aws.clock.sleep(_DRAIN_S)
            quiet = 0 if self._read() else quiet + 1
            if stream.is_closed:
                return

    def _in_time(self) -> bool:
        """False where the time is over and the task cannot even be stopped."""
        limit_s = self._what.timeout_s
        if limit_s is None or self._stopping or self._aws.clock.now_s() - self._began_s < limit_s:
            return True
        minutes = f"{limit_s / 60:g} minutes"
        self._viewer.say(f"its time is over ({minutes}); stopping the task")
        self._end = End.TIMEOUT
        return self._stop(f"it took longer than {minutes} (ecs-blocks)")

    def _stop(self, reason: str) -> bool:
        self._stopping = True
        try:
            stop_task(self._aws, self._what.cluster, self._what.task_arn, reason)
        except DeployError as error:
            self._viewer.say(f"{error.message}; it goes on")
            return False
        return True

    def _followed(self, end: End) -> Followed:
        code = self._exit_code
        is_over = self._status == "STOPPED" or code is not None
        failure = None
        if is_over and code != 0:
            failure = classify(self._task, self._what.definition, lines=tuple(self._lines))
        taken_away = was_taken_away(self._task)
        return Followed(end, self._what.task_id, self._status, code, failure, taken_away)
