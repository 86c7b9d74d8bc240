"""A clock whose waiting can be ended from outside: Ctrl-C reaches only the main thread."""

from __future__ import annotations

import threading

from ecs_blocks.deploy.clock import Clock


class StoppingClock(Clock):
    """The machine's clock; each ``stop`` ends one wait of each thread, the one that it is in."""

    def __init__(self) -> None:
        self._stops: list[KeyboardInterrupt] = []
        self._stopped = threading.Condition()
        self._of_thread = threading.local()

    def stop(self, cause: KeyboardInterrupt) -> None:
        """End the waiting of every thread once, now or when it next waits."""
        with self._stopped:
            self._stops.append(cause)
            self._stopped.notify_all()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            KeyboardInterrupt: of the kind that ``stop`` was given.
        """
        heard: int = getattr(self._of_thread, "heard", 0)
        with self._stopped:
            if not self._stopped.wait_for(lambda: len(self._stops) > heard, seconds):
                return
            self._of_thread.heard = len(self._stops)
            raise type(self._stops[-1])
