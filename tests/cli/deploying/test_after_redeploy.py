"""After tasks that were started again have failed, what runs is still what was deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deploying.services import with_services
from tests.cli.deploying.stage import STACK
from tests.cli.deploying.virtual import virtually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.deploying.stage import Stage

pytestmark = pytest.mark.slow

HERE = ("hoge", "--env", "prod")
SERVES = "  hoge-Web:1 serves: 2 of 2 tasks run; the last new deployment of it failed (circuit "


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A service whose new tasks, of the version that runs, have all failed."""
    with virtually(tmp_path, per_second=1e6) as found:
        with_services(found, "Web")
        found.fake.script.tasks_fail(1)
        failed = found.within("redeploy", *HERE, "--yes")
        found.fake.clock.advance(3600)

        assert failed.code == 10, failed.stderr
        yield found


def test_a_deploy_that_leaves_the_service_alone_is_verified(stage: Stage) -> None:
    done = stage.deploy("--set", "Neighbour=x")

    assert done.code == 0, done.stderr
    assert done.outcome[0].startswith(f"OK: {STACK} is UPDATE_COMPLETE")
    assert done.outcome[1].startswith(SERVES)
    assert (stage.records[-1]["result"], stage.records[-1]["verified"]) == ("done", True)


def test_a_deploy_that_changes_nothing_says_so(stage: Stage) -> None:
    done = stage.deploy()

    assert done.code == 0, done.stderr
    assert done.outcome[0] == f"OK: {STACK}: nothing to change"
    assert done.outcome[1].startswith(SERVES)
