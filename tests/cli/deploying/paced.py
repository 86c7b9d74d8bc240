"""The fake's clock for processes of their own: it follows real time, many times as fast."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from tests.fake_aws import FakeClock

if TYPE_CHECKING:
    import threading
    from types import TracebackType

PACE = 10_000.0
"""A second of AWS is a tenth of a millisecond: what takes no longer than a minute is over before
the next question.
"""


class PacedClock(FakeClock):
    """Catches up with real time whenever somebody takes its lock: a request, or the test."""

    def __init__(self, pace: float = PACE) -> None:
        super().__init__()
        self.pace = pace
        self._began_s = time.monotonic()
        self.lock: Any = _CatchingUp(self, self.lock)

    def catch_up(self) -> None:
        """Let happen what is due by now."""
        self._go_on((time.monotonic() - self._began_s) * self.pace)

    def now_s(self) -> float:
        with self.lock:
            return self._now_s

    def sleep(self, seconds: float) -> None:
        """Nobody in this process waits for AWS."""
        raise NotImplementedError


class _CatchingUp:
    """The clock's lock; whoever enters it finds everything as it is now."""

    def __init__(self, clock: PacedClock, lock: threading.RLock) -> None:
        self._clock = clock
        self._lock = lock
        self._depth = 0

    def __enter__(self) -> Self:
        self._lock.acquire()
        self._depth += 1
        if self._depth == 1:
            self._clock.catch_up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._depth -= 1
        self._lock.release()
