"""An update that goes wrong, as the watcher tells it, and what it is shown to."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Final

import pyte
from rich.console import Console

from ecs_blocks.deploy.clock import Clock
from ecs_blocks.deploy.progress import (
    FailedTask,
    FailureKind,
    Resource,
    Service,
    Snapshot,
    Target,
    Tasks,
)

IMAGE: Final = (
    "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/hoge:1.8.3@sha256:9c1f00aa11223344"
)
GROUP: Final = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/hoge/0123abcd"


class Hand(Clock):
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def now_s(self) -> float:
        return self.at_s

    def utc(self) -> dt.datetime:
        return dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC) + dt.timedelta(seconds=self.at_s)


def resource(name: str, status: str, type_: str = "CloudWatch::Alarm", **more: Any) -> Resource:
    more = {"event_id": f"{name}-{status}", **more}
    return Resource(name, f"AWS::{type_}", status, **more)


ALARMS: Final = tuple(resource(f"Alarm{n}", "UPDATE_COMPLETE") for n in range(1, 9))
DEFINITION: Final = resource("TaskDefinition", "UPDATE_COMPLETE", "ECS::TaskDefinition")
SERVICE: Final = resource("Service", "UPDATE_IN_PROGRESS", "ECS::Service")
SCALING: Final = resource(
    "ScalableTarget", "UPDATE_IN_PROGRESS", "ApplicationAutoScaling::ScalableTarget"
)
CRASH: Final = FailedTask(
    "7f2a9e01b2c3d4e5f60718293a4b5c6d",
    FailureKind.EXIT,
    "app exited 1",
    container="app",
    exit_code=1,
    ran_s=6.2,
    log_lines=(
        "Traceback (most recent call last):",
        '  File "/app/settings.py", line 12, in <module>',
        '    url = os.environ["DATABASE_URL"]',
        "KeyError: 'DATABASE_URL'",
    ),
    hint="the secret DATABASE_URL is in hoge:41 but not in hoge:42: name it in stack.py",
    same=3,
)


def tasks(running: int = 2, failed: int = 0) -> Tasks:
    """The new revision's, of four."""
    return Tasks("hoge:42", 4, running, 1, failed, 0.0, IMAGE)


def service(**more: Any) -> Service:
    given = {
        "rollout": "IN_PROGRESS",
        "new": tasks(),
        "old": (Tasks("hoge:41", 4, 4, 0, traffic_percent=100.0),),
        **more,
    }
    return Service("Service", "hoge", **given)


CRASHING: Final = service(
    new=tasks(failed=3),
    breaker_failures=3,
    breaker_threshold=10,
    targets=(Target(GROUP, 4, 1, 1, 0, "Target.ResponseCodeMismatch"),),
    alarms=("hoge-prod-5xx",),
    failures=(CRASH,),
)


def snapshot(
    elapsed_s: float = 252.0,
    resources: tuple[Resource, ...] = (),
    services: tuple[Service, ...] = (),
    **more: Any,
) -> Snapshot:
    given = {"status": "UPDATE_IN_PROGRESS", "planned": 14, "done": 9, **more}
    return Snapshot(
        "hoge-prod",
        "UPDATE",
        elapsed_s=elapsed_s,
        resources=resources,
        services=services,
        **given,
    )


MIDDLE: Final = snapshot(252.0, (*ALARMS, DEFINITION, SCALING, SERVICE), (CRASHING,))
"""Four minutes in: tasks of the new revision crash."""

_BREAKER: Final = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'."
BACK: Final = snapshot(
    402.0,
    (
        *(*ALARMS, DEFINITION),
        resource(
            "ScalableTarget",
            "UPDATE_FAILED",
            "ApplicationAutoScaling::ScalableTarget",
            reason="Resource update cancelled",
        ),
        resource("Service", "UPDATE_FAILED", "ECS::Service", reason=_BREAKER),
    ),
    (service(rollout="ROLLBACK_IN_PROGRESS", new=tasks(failed=10), failures=(CRASH,)),),
    status="UPDATE_ROLLBACK_IN_PROGRESS",
)
"""The circuit breaker has ended it."""

ENDED: Final = snapshot(
    520.0,
    (
        *(*ALARMS, DEFINITION),
        resource("Service", "UPDATE_COMPLETE", "ECS::Service", event_id="rolled back"),
    ),
    (service(rollout="ROLLBACK_SUCCESSFUL", new=None, failures=(CRASH,)),),
    status="UPDATE_ROLLBACK_COMPLETE",
)
"""The old version serves."""


class Terminal(io.StringIO):
    """A terminal: what is written to it, and what then is to be seen."""

    def __init__(self, columns: int = 80, rows: int = 30, encoding: str = "utf-8") -> None:
        super().__init__(newline="")
        self.columns, self.rows, self._encoding = columns, rows, encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return True

    def console(self, **more: Any) -> Console:
        given = {"color_system": None, "legacy_windows": False, **more}
        return Console(
            file=self, force_terminal=True, width=self.columns, height=self.rows, **given
        )

    def _after(self) -> pyte.HistoryScreen:
        self.getvalue().encode(self._encoding)  # raises where it could not be written
        screen = pyte.HistoryScreen(self.columns, self.rows)
        screen.set_mode(pyte.modes.LNM)
        pyte.Stream(screen).feed(self.getvalue())
        return screen

    def seen(self) -> str:
        """What the window shows."""
        return "\n".join(line.rstrip() for line in self._after().display).rstrip()

    def scrolled(self) -> list[str]:
        """What has left the window at its upper edge."""
        rows = [
            "".join(line[x].data for x in range(self.columns)) for line in self._after().history.top
        ]
        return [row.rstrip() for row in rows]

    def shows_cursor(self) -> bool:
        return not self._after().cursor.hidden
