"""Time, as something that is handed in: a test's clock does not wait."""

from __future__ import annotations

import datetime as dt
import time


def minutes(seconds: float) -> str:
    """``1 minute``, ``60 minutes``: to whole minutes."""
    count = round(seconds / 60)
    return "1 minute" if count == 1 else f"{count} minutes"


class Clock:
    """The machine's clock."""

    def now_s(self) -> float:
        """Seconds that only grow; for how long something takes."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def utc(self) -> dt.datetime:
        """The time of day, for a record or a line of a log; never to compare with AWS's."""
        return dt.datetime.now(dt.UTC)
