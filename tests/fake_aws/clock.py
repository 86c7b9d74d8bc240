"""Virtual time: sleeping returns at once, and what was due in between has happened.

One lock guards time and everything in the fake: whoever holds it sees the world stand still.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import threading
import time
from typing import TYPE_CHECKING, Final

from ecs_blocks.deploy.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START: Final = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
_PATIENCE_S: Final = 0.01
"""Real seconds after which a thread that does not sleep is taken to wait for something else."""


class FakeClock(Clock):
    """A clock whose time passes only in ``sleep``.

    Where several threads sleep, time goes on when all of them do, and only to the first that is to
    wake: forty deploys that sleep five seconds take five seconds together. ``skew_s`` is how wrong
    the client's time of day is; AWS's own is ``aws_time()``.
    """

    def __init__(self, *, skew_s: float = 0.0) -> None:
        self.lock = threading.RLock()
        self.skew_s = skew_s
        self._changed = threading.Condition(self.lock)
        self._now_s = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._asleep: dict[int, float] = {}
        self._awake: dict[int, float] = {}

    def now_s(self) -> float:
        # whoever asks from outside is busy with something, and may sleep next
        is_outside = not self.lock._is_owned()  # type: ignore[attr-defined]  # not in typeshed
        with self.lock:
            if is_outside:
                self._awake[threading.get_ident()] = time.monotonic()
            return self._now_s

    def aws_time(self) -> dt.datetime:
        """AWS's time of day."""
        with self.lock:
            return START + dt.timedelta(seconds=self._now_s)

    def utc(self) -> dt.datetime:
        return self.aws_time() + dt.timedelta(seconds=self.skew_s)

    def sleep(self, seconds: float) -> None:
        me = threading.get_ident()
        with self._changed:
            wake_s = self._now_s + max(0.0, seconds)
            self._asleep[me] = wake_s
            self._awake.pop(me, None)
            self._changed.notify_all()
            while self._now_s < wake_s:
                patience_s = self._patience_s()
                if patience_s > 0 or wake_s > min(self._asleep.values()):
                    self._changed.wait(patience_s or _PATIENCE_S)
                else:
                    self._go_on(wake_s)
            del self._asleep[me]
            self._awake[me] = time.monotonic()
            self._changed.notify_all()

    def _patience_s(self) -> float:
        """How long to wait for a thread that sleeps now and then, and is busy now."""
        alive = {one.ident for one in threading.enumerate()}
        for gone in self._awake.keys() - alive:
            del self._awake[gone]
        latest = max(self._awake.values(), default=0.0)
        return max(0.0, latest + _PATIENCE_S - time.monotonic())

    def advance(self, seconds: float) -> None:
        """Let time pass, whoever sleeps."""
        with self._changed:
            self._go_on(self._now_s + seconds)
            self._changed.notify_all()

    def _go_on(self, until_s: float) -> None:
        while self._due and self._due[0][0] <= until_s:
            at_s, _, happen = heapq.heappop(self._due)
            self._now_s = max(self._now_s, at_s)
            happen()
        self._now_s = max(self._now_s, until_s)

    def at(self, seconds: float, happen: Callable[[], None]) -> None:
        """Let something happen in so many seconds."""
        with self.lock:
            heapq.heappush(self._due, (self._now_s + seconds, next(self._count), happen))

    def run(self, steps: Iterator[float]) -> Process:
        """Run *steps*, which yield how many seconds pass before the next one, from now on."""
        process = Process(self, steps)
        process.go_on()
        return process


class Process:
    """Steps that happen in time, until they are over or cancelled."""

    def __init__(self, clock: FakeClock, steps: Iterator[float]) -> None:
        self._clock = clock
        self._steps = steps
        self.is_over = False

    def go_on(self) -> None:
        """The next step."""
        if self.is_over:
            return
        for seconds in self._steps:
            if seconds > 0:
                self._clock.at(seconds, self.go_on)
                return
        self.is_over = True

    def cancel(self) -> None:
        """No further step."""
        self.is_over = True
