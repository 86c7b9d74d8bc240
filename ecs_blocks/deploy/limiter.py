"""One pace for all calls to one account and region, however many stacks are being deployed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecs_blocks.deploy.clock import Clock


class Limiter:
    """A token bucket: *burst* calls at once, then *per_second*; whoever comes too early waits."""

    def __init__(self, clock: Clock, per_second: float = 8.0, burst: int = 16) -> None:
        self._clock = clock
        self._per_second = per_second
        self._burst = float(burst)
        self._tokens = float(burst)
        self._at_s = clock.now_s()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Take one call's token, waiting for it if need be."""
        with self._lock:
            now_s = self._clock.now_s()
            self._tokens += (now_s - self._at_s) * self._per_second
            self._tokens = min(self._tokens, self._burst) - 1
            self._at_s = now_s
            wait_s = max(0.0, -self._tokens / self._per_second)
        if wait_s:
            self._clock.sleep(wait_s)
