"""Forty stacks with one command, while AWS throttles whom it likes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deploying.stage import app
from tests.cli.deploying.virtual import PER_SECOND, virtually
from tests.fake_aws import throttled

if TYPE_CHECKING:
    from pathlib import Path

STACKS = 40
CONCURRENCY = 10
BURST = 16


@pytest.mark.slow
def test_forty_stacks_are_deployed_within_the_pace_although_aws_throttles(tmp_path: Path) -> None:
    """Row 87."""
    with virtually(tmp_path) as stage:
        names = [f"app{n:02}" for n in range(STACKS)]
        for name in names:
            app(stage.project, name)
        stage.fake.fault("*", throttled, nth=7, every=7, times=None)
        done = stage.within(
            *("deploy", *names, "--env", "prod", "--yes", "--concurrency", str(CONCURRENCY))
        )
        at_s = sorted(call.at_s for call in stage.fake.calls)
        refused = sum(call.error == "Throttling" for call in stage.fake.calls)
        statuses = {one["status"] for one in stage.fake.summary()["stacks"].values()}

    assert (done.code, done.outcome[-1]) == (0, f"{STACKS} stacks: {STACKS} done"), done.stderr
    assert statuses == {"CREATE_COMPLETE"}
    assert refused > STACKS
    # a thread that is slow to send may send into the next second: at most one call of each
    allowed = BURST + CONCURRENCY
    for first, begin_s in enumerate(at_s):
        for last in range(first, min(first + 400, len(at_s))):
            assert last - first + 1 <= allowed + PER_SECOND * (at_s[last] - begin_s)
