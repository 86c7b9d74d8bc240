"""What a test wants tasks to do."""

from __future__ import annotations

from msgspec import Struct

SERVICE = "ServiceSchedulerInitiated"


class TaskWish(Struct):
    """How tasks end that do not just run. ``runs`` says whether they get as far as RUNNING."""

    service: str | None
    after_s: float
    stop_code: str
    reason: str
    exit_code: int | None
    container_reason: str | None
    logs: tuple[str, ...]
    times: int | None
    runs: bool = True
    health: str = "healthy"
    health_reason: str = ""


class PlaceWish(Struct):
    """Tasks that cannot even be placed: only an event says so."""

    service: str | None
    message: str


class TaskScript:
    """The part of the script about tasks."""

    def __init__(self) -> None:
        self.wishes: list[TaskWish] = []
        self.places: list[PlaceWish] = []
        self.runs: list[TaskWish] = []
        self.run_failures: list[str] = []
        self.breaker_is_silent = False
        """CloudFormation says UPDATE_COMPLETE although ECS went back."""
        self.pauses: list[str] = []
        """Stages at which a PAUSE hook waits for ContinueServiceDeployment."""
        self.pause_hook_s = 3600.0

    def tasks_fail(
        self,
        exit_code: int | None = 1,
        *,
        logs: tuple[str, ...] | list[str] = (),
        after_s: float = 6.0,
        reason: str = "Essential container in task exited",
        container_reason: str | None = None,
        service: str | None = None,
        times: int | None = None,
    ) -> None:
        """Let the tasks of new revisions start, write *logs* and exit after *after_s* seconds.

        A revision that has served stays good: going back to it works. ``times`` ends it.
        """
        self.wishes.append(
            TaskWish(
                service,
                after_s,
                "EssentialContainerExited",
                reason,
                exit_code,
                container_reason,
                tuple(logs),
                times,
            )
        )

    def tasks_do_not_start(
        self,
        reason: str = "CannotPullContainerError: pull image manifest has been retried 1 time(s): "
        "failed to resolve ref hoge:2: not found",
        *,
        container_reason: str | None = None,
        after_s: float = 4.0,
        service: str | None = None,
        times: int | None = None,
    ) -> None:
        """Let the tasks of new revisions stop before they run: no image, no secret, no network."""
        self.wishes.append(
            TaskWish(
                service,
                after_s,
                "TaskFailedToStart",
                reason,
                None,
                container_reason,
                (),
                times,
                runs=False,
            )
        )

    def tasks_are_unhealthy(
        self,
        by: str = "ELB",
        *,
        logs: tuple[str, ...] | list[str] = (),
        after_s: float = 20.0,
        service: str | None = None,
        times: int | None = None,
    ) -> None:
        """Let the tasks of new revisions fail health checks, of the load balancer or (*by*
        ``"container"``) of their own.
        """
        health = "unhealthy" if by == "ELB" else "UNHEALTHY"
        told = "Task failed container health checks"
        if by == "ELB":
            told = "Task failed ELB health checks in (target-group {target_group})"
        self.wishes.append(
            TaskWish(
                service,
                after_s,
                SERVICE,
                told,
                137,
                None,
                tuple(logs),
                times,
                health=health,
                health_reason="Target.ResponseCodeMismatch" if by == "ELB" else "",
            )
        )

    def tasks_cannot_be_placed(
        self,
        message: str = "because no container instance met all of its requirements. Reason: No "
        "Container Instances were found in your capacity provider.",
        *,
        service: str | None = None,
    ) -> None:
        """Let no task of a new revision ever exist."""
        self.places.append(PlaceWish(service, message))

    def tasks_work(self) -> None:
        """Let tasks run again."""
        self.wishes.clear()
        self.places.clear()

    def run_task_ends(
        self,
        exit_code: int | None = 0,
        *,
        logs: tuple[str, ...] | list[str] = (),
        after_s: float = 5.0,
        reason: str = "Essential container in task exited",
        stop_code: str = "EssentialContainerExited",
        runs: bool = True,
    ) -> None:
        """How the next RunTask's task ends (without this: well, after five seconds)."""
        self.runs.append(
            TaskWish(None, after_s, stop_code, reason, exit_code, None, tuple(logs), 1, runs=runs)
        )

    def run_task_is_refused(self, reason: str = "RESOURCE:MEMORY") -> None:
        """Let the next RunTask answer with a failure and no task."""
        self.run_failures.append(reason)

    def wish_for(self, service: str) -> TaskWish | None:
        """What the next task of a new revision of *service* does."""
        for one in self.wishes:
            if one.service in (None, service) and one.times != 0:
                if one.times is not None:
                    one.times -= 1
                return one
        return None

    def place_wish_for(self, service: str) -> PlaceWish | None:
        """Why no task of *service* can be placed."""
        return next((one for one in self.places if one.service in (None, service)), None)
