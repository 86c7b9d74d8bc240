"""SIGKILL at calls all over a deploy: the process is gone, and the same command goes on.

``tests/deploy/test_killed`` and its neighbours end a deploy at every call, but inside one process,
where what is in memory stays. Here a process really dies, at eight of its calls: what the next one
knows is what the first left in AWS and in the project's folder.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from tests.cli.deploying.paced import PacedClock
from tests.cli.deploying.services import service, with_services
from tests.cli.deploying.stage import DEPLOY, EventfulAws, Stage, repository
from tests.fake_aws.protocol import Reply

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.fake_aws.protocol import Request

pytestmark = pytest.mark.slow

POINTS: Final = 8
"""So many of a deploy's calls, evenly spread over the first four fifths: how often a process asks
at the end depends on how fast it is, and it may be done before a later call."""
NEXT: Final = (*DEPLOY, "--set", "Title=two")


class DeadlyAws(EventfulAws):
    """Kills the process that asks it, at one of its calls: before AWS got it, or after."""

    def __init__(self, clock: PacedClock) -> None:
        super().__init__(clock)
        self._victim: subprocess.Popen[str] | None = None
        self._left = 0
        self._is_after = False

    def kill(self, victim: subprocess.Popen[str], count: int, *, after: bool) -> None:
        """At the *count*-th call from now."""
        self._victim, self._left, self._is_after = victim, count, after

    def _reply(self, request: Request, request_id: str) -> Reply:
        self._left -= 1
        if self._victim is None or self._left:
            return super()._reply(request, request_id)
        reply = super()._reply(request, request_id) if self._is_after else Reply(500, {}, b"")
        self._victim.kill()
        self._victim.wait()  # nobody is left whom the reply could reach
        return reply


class End(NamedTuple):
    """What there is when everything has come to rest."""

    code: int
    executions: int
    records: list[tuple[str, str, bool]]
    """Of each deploy: how it ended, its title, and whether the service was seen to serve."""
    definition: str
    account: dict[str, Any]


def serving(folder: Path, fake: EventfulAws) -> Stage:
    """A service runs, of the title before."""
    stage = Stage(fake, repository(folder))
    with_services(stage, "Web")
    return stage


def end(stage: Stage, code: int) -> End:
    """Where the last command that was typed ended with *code*."""
    stage.fake.settle()
    return End(
        code,
        len(stage.fake.asked("ExecuteChangeSet")),
        [(one["result"], one["parameters"]["Title"], one["verified"]) for one in stage.records],
        service(stage).definition_arn.rpartition("/")[2],
        stage.fake.summary(),
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], End]:
    """The calls of a deploy that nobody kills, and how it ends."""
    with EventfulAws(PacedClock()) as fake:
        stage = serving(tmp_path_factory.mktemp("undisturbed"), fake)
        done = stage.within(*NEXT)
        return [one.operation for one in fake.calls], end(stage, done.code)


def test_an_undisturbed_deploy_ends_as_it_should(undisturbed: tuple[list[str], End]) -> None:
    """So that the tests below compare with something."""
    operations, found = undisturbed

    assert found[:4] == (0, 1, [("done", "one", True), ("done", "two", True)], "hoge-Web:2")
    assert len(operations) > 3 * POINTS


@pytest.mark.parametrize("point", range(POINTS))
def test_killed_at_calls_all_over_it_goes_on(
    tmp_path: Path, undisturbed: tuple[list[str], End], point: int
) -> None:
    """Row 73: before AWS got the call and after it, by turns."""
    operations, expected = undisturbed
    count = 1 + point * (len(operations) * 4 // 5 - 1) // (POINTS - 1)

    assert killed_and_typed_again(tmp_path, count, after=point % 2 == 1) == expected


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_the_execution_it_goes_on(
    tmp_path: Path, undisturbed: tuple[list[str], End], *, after: bool
) -> None:
    """Row 73: the call at which it matters most whether AWS got it."""
    operations, expected = undisturbed
    count = operations.index("ExecuteChangeSet") + 1

    assert killed_and_typed_again(tmp_path, count, after=after) == expected


def killed_and_typed_again(folder: Path, count: int, *, after: bool) -> End:
    """A deploy dies at the *count*-th of its calls; how the same command ends then."""
    with DeadlyAws(PacedClock()) as fake:
        stage = serving(folder, fake)
        with stage.started(*NEXT) as running:
            fake.kill(running.process, count, after=after)  # long before its first call
            running.end()
        again = stage.within(*NEXT)

        assert running.process.returncode == -signal.SIGKILL
        return end(stage, again.code)
