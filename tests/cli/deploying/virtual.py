"""The program in this process, in virtual time: hours of waiting pass at once."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from ecs_blocks.cli.stopping import StoppingClock
from ecs_blocks.deploy.clock import Clock
from tests.cli.deploying.stage import EventfulAws, Stage, repository
from tests.fake_aws import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PER_SECOND = 8.0
"""The pace of the real limiter."""


@contextmanager
def virtually(folder: Path, *, per_second: float = PER_SECOND) -> Iterator[Stage]:
    """A stage whose commands wait in the fake's time, and so do botocore's own retries."""
    clock = FakeClock()

    def sleep(_: Clock, seconds: float) -> None:
        clock.sleep(seconds)

    with EventfulAws(clock) as fake, ExitStack() as patches:
        for kind in (Clock, StoppingClock):
            patches.enter_context(patch.object(kind, "sleep", sleep))
        patches.enter_context(patch.object(Clock, "now_s", lambda _: clock.now_s()))
        patches.enter_context(patch("time.sleep", clock.sleep))
        yield Stage(fake, repository(folder), per_second=per_second)
