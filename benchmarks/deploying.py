"""Deploys beside the AWS CLI's ``cloudformation deploy``, in real time, against the same fake AWS.

AWS itself takes as long as it takes: what is measured is what a tool adds. How many calls it makes,
how long after the last event it ends, and how long after each event a person sees it.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.measure import Case, run
from ecs_blocks.deploy.show.words import state_of
from tests.cli.deploying.paced import PacedClock
from tests.cli.deploying.stage import STACK, app, repository
from tests.fake_aws import ENVIRONMENT, FakeAws

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.project import Project

PROGRAM: Final = (sys.executable, "-c", "from ecs_blocks.cli import main; main()")
HERE: Final = ("--env", "prod", "--yes")
OURS, THEIRS = "ecs-blocks deploy", "aws cloudformation deploy"
TAKES: Final = {"Group": 2.0, "Topic": 6.0, "Other": 11.0}
"""How many seconds AWS takes for each resource."""
FEW, MANY = 10, 40
PER_SECOND, BURST = 8.0, 16


class Deploy(NamedTuple):
    """One deploy. ``lines_s`` are the seconds from each event to its line, where it has one."""

    name: str
    wall_s: float
    calls: int
    after_s: float
    lines_s: tuple[float, ...]


class Fleet(NamedTuple):
    """Several stacks with one command. ``burst`` is by how many calls the pace was exceeded."""

    stacks: int
    wall_s: float
    calls: int
    burst: float
    peak_mib: float


def problem() -> str:
    """Why nothing can be compared, or an empty text."""
    return "" if shutil.which("aws") else "there is no AWS CLI (aws)"


def deploys(folder: Path, env: Mapping[str, str]) -> list[Deploy]:
    """A creation and an update by each."""
    made = repository(folder / "repository")
    return [one for name in (OURS, THEIRS) for one in _pair(name, made, env)]


def _pair(name: str, made: Project, env: Mapping[str, str]) -> Iterator[Deploy]:
    with _aws(env) as (fake, around):
        for logical_id, seconds in TAKES.items():
            fake.script.resource_takes(logical_id, seconds)
        for kind, title in (("create", "one"), ("update", "two")):
            yield _deploy(f"{name}, {kind}", _command(name, made, title, around), fake, around)


def _command(name: str, made: Project, title: str, env: Mapping[str, str]) -> list[str]:
    if name == OURS:
        return [*PROGRAM, "deploy", "hoge", *HERE, "--set", f"Title={title}"]
    render = [*PROGRAM, "render", "hoge"]
    subprocess.run(render, cwd=made.folder, env=env, check=True, capture_output=True)
    template = str(made.folder / "build" / "hoge" / "template.yaml")
    values = ["--parameter-overrides", f"Title={title}", "Neighbour=nobody"]
    place = ["--stack-name", STACK, "--template-file", template, "--region", "ap-northeast-1"]
    return ["aws", "cloudformation", "deploy", *place, *values]


def _deploy(name: str, command: list[str], fake: FakeAws, env: Mapping[str, str]) -> Deploy:
    before = fake.clock.now_s()
    fake.calls.clear()
    lines: list[tuple[float, str]] = []
    begin = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=env["PWD"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines.extend((fake.clock.now_s(), line) for line in process.stdout)
    wall_s, end_s = time.perf_counter() - begin, fake.clock.now_s()
    if process.returncode:
        sys.exit(f"{name} failed:\n{''.join(line for _, line in lines)}")
    calls = len(fake.calls)
    began = fake.clock.aws_time().timestamp() - fake.clock.now_s()
    events = [
        (one.at.timestamp() - began, one.logical_id, one.status)
        for one in fake.stack(STACK).events
        if one.at.timestamp() - began >= before
    ]
    last_s = max(at_s for at_s, _, status in events if status.endswith("_COMPLETE"))
    shown = [at_s for event in events if (at_s := _shown(event, lines)) is not None]
    return Deploy(name, wall_s, calls, end_s - last_s, tuple(shown))


def _shown(event: tuple[float, str, str], lines: list[tuple[float, str]]) -> float | None:
    """How long after an event the first line came that tells it."""
    at_s, logical_id, status = event
    wanted = re.compile(rf" {re.escape(logical_id)} {re.escape(state_of(status).word)}\b")
    found = (line_s - at_s for line_s, line in lines if line_s >= at_s and wanted.search(line))
    return next(found, None)


def fleet(folder: Path, env: Mapping[str, str], stacks: int) -> Fleet:
    """So many stacks with one command; each takes AWS some seconds."""
    made = repository(folder / f"fleet-{stacks}")
    names = [f"app{n:02}" for n in range(stacks)]
    for name in names:
        app(made, name)
    with _aws({**env, "PWD": str(made.folder)}) as (fake, around):
        command = [*PROGRAM, "deploy", *names, *HERE, "--concurrency", "10"]
        sample = run(Case(f"{stacks} stacks", command, cwd=made.folder), around)
        at_s = [call.at_s for call in fake.calls]
    return Fleet(stacks, sample.wall_s, len(at_s), _burst(at_s), sample.peak_mib)


def _burst(at_s: list[float]) -> float:
    """The most calls in any stretch of time beyond those that the pace has for it."""
    spent, most, before = 0.0, 0.0, at_s[0]
    for now in at_s:
        spent = max(0.0, spent - (now - before) * PER_SECOND) + 1
        most, before = max(most, spent), now
    return most


@contextmanager
def _aws(env: Mapping[str, str]) -> Iterator[tuple[FakeAws, dict[str, str]]]:
    """The fake in real time, and the environment of a process that talks to it."""
    with FakeAws(PacedClock(pace=1.0)) as fake:
        stop = threading.Event()
        ticking = threading.Thread(target=_tick, args=(fake, stop), daemon=True)
        ticking.start()
        kept = {k: v for k, v in env.items() if not k.startswith(("AWS_", "CI"))}
        yield fake, {**kept, **ENVIRONMENT, "AWS_ENDPOINT_URL": fake.url, "NO_COLOR": "1"}
        stop.set()
        ticking.join()


def _tick(fake: FakeAws, stop: threading.Event) -> None:
    """Let things happen when they are due, also while nobody asks."""
    while not stop.wait(0.02):
        fake.clock.now_s()


def print_deploys(found: list[Deploy]) -> None:
    """The raw numbers, and the ratios."""
    width = max(len(one.name) for one in found)
    took = max(TAKES.values())
    print(f"{'':{width}}  {'wall s':>7}  {'calls':>6}  {'end s':>6}  event to line s, median/most")
    for one in found:
        seen = "no event is told"
        if one.lines_s:
            median, most = statistics.median(one.lines_s), max(one.lines_s)
            seen = f"{median:.1f} / {most:.1f} ({len(one.lines_s)} events)"
        print(f"{one.name:{width}}  {one.wall_s:7.1f}  {one.calls:6}  {one.after_s:6.1f}  {seen}")
    print(f"AWS takes {took:g} s for a creation; 'end s' is from its last event to the prompt.")
    by_name = {one.name: one for one in found}
    for kind in ("create", "update"):
        ours, theirs = by_name[f"{OURS}, {kind}"], by_name[f"{THEIRS}, {kind}"]
        print(
            f"{THEIRS} / {OURS}, {kind}: {theirs.wall_s / ours.wall_s:.2f} x by wall, "
            f"{theirs.calls / ours.calls:.2f} x by calls"
        )


def print_fleets(few: Fleet, many: Fleet) -> None:
    """The raw numbers of both."""
    for one in (few, many):
        print(
            f"{one.stacks} stacks: {one.wall_s:.1f} s, {one.calls} calls "
            f"({one.calls / one.stacks:.1f} for each), {one.burst:.0f} at most at once, "
            f"{one.peak_mib:.0f} MiB"
        )


def own_environment(env: Mapping[str, str], folder: Path) -> dict[str, str]:
    """*env* for processes that work in the repository below *folder*."""
    return {**env, "PWD": str(folder / "repository"), "PATH": os.environ["PATH"]}
