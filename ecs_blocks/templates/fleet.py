"""Many apps: rendered on every core, each written as soon as it is done, memory flat."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, structs

from ecs_blocks.errors import EcsBlocksError, InputError, OutputError, Problem
from ecs_blocks.templates.output import Format, Row, Written, stage, written
from ecs_blocks.templates.render import Project, render_app

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

SHARE: Final = 8
"""So many apps are worth the start of a process."""


class Results(Struct, frozen=True):
    """What came of rendering some apps. ``written`` is empty where files were staged."""

    written: list[Written]
    rows: list[Row]
    notes: list[str]
    keys: frozenset[str]


class _Job(Struct, frozen=True):
    project: Project
    overrides: Mapping[str, str]
    form: Format
    folder: str
    only: frozenset[str]
    staged: Path | None


def render_all(
    project: Project,
    apps: Sequence[str],
    overrides: Mapping[str, str],
    *,
    form: Format,
    folder: str,
    only: frozenset[str] = frozenset(),
    staged: Path | None = None,
) -> Results:
    """Render *apps*; write below *staged*, or keep the texts where there is none.

    Raises:
        InputError: with the problems of every app.
        OutputError: a file could not be written below *staged*.
        EcsBlocksError: the system ended a process that rendered.
    """
    job = _Job(project, dict(overrides), form, folder, only, staged)
    kept: list[Written] = []
    rows: list[Row] = []
    notes: list[str] = []
    keys: set[str] = set()
    problems: list[Problem] = []
    with closing(_outcomes(job, apps)) as outcomes:
        for outcome in outcomes:
            if isinstance(outcome, OutputError):
                raise outcome
            if isinstance(outcome, Written):
                if staged is None:
                    kept.append(outcome)
                rows += outcome.rows
                notes += outcome.notes
                keys |= outcome.keys
            else:
                problems += outcome
    if problems:
        raise InputError(problems)
    return Results(kept, rows, notes, frozenset(keys))


_Outcome: TypeAlias = Written | list[Problem] | OutputError


def _outcomes(job: _Job, apps: Sequence[str]) -> Generator[_Outcome, None, None]:
    """What came of each app, in the order of *apps*.

    Only on Linux is a fork safe, and a process that does not fork would import everything again;
    elsewhere one app is rendered after the other.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    processes = min(cores, len(apps) // SHARE)
    if processes > 1:
        yield from _parallel(job, apps, processes)
    else:
        yield from (_one(job, app) for app in apps)


def _parallel(job: _Job, apps: Sequence[str], processes: int) -> Generator[_Outcome, None, None]:
    """Let each of some processes render its share, and take what they send in the apps' order.

    When this one ends, however that is, so do they. A ``ProcessPoolExecutor`` would finish what is
    begun after Ctrl-C, and wait for ever after this process was killed.
    """
    from multiprocessing import get_context  # noqa: PLC0415 - 10 ms that a few apps do not need

    context = get_context("fork")
    workers: list[ForkProcess] = []
    receivers: list[Connection] = []
    try:
        for number in range(processes):
            receiver, sender = context.Pipe(duplex=False)
            receivers.append(receiver)
            arguments = (job, apps[number::processes], sender, receivers)
            worker = context.Process(target=_work, args=arguments, daemon=True)
            worker.start()
            workers.append(worker)
            sender.close()  # the pipe ends with the worker
        for number, app in enumerate(apps):
            try:
                yield receivers[number % processes].recv()
            except EOFError:
                raise _ended(workers[number % processes], app) from None
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()
        for receiver in receivers:
            receiver.close()


def _ended(worker: ForkProcess, app: str) -> EcsBlocksError:
    worker.join()
    how = f"with exit code {worker.exitcode}"
    if worker.exitcode == -signal.SIGKILL:
        how = "by the system (SIGKILL), most likely for want of memory"
    return EcsBlocksError(f"{app}: the process that rendered it was ended {how}")


def _work(
    job: _Job, apps: Sequence[str], sender: Connection, receivers: Sequence[Connection]
) -> None:
    """What a worker does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the one above ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once, whatever a script would catch
    for receiver in receivers:
        receiver.close()  # else the pipe would not break where the reader is gone
    with suppress(BrokenPipeError):
        for app in apps:
            sender.send(_one(job, app))


def _one(job: _Job, app: str) -> _Outcome:
    """Render one app; its problems as data, so that those of the others are found too."""
    try:
        rendered = render_app(job.project, app, job.overrides)
        result = written(rendered, form=job.form, folder=f"{job.folder}/{app}", only=job.only)
        if job.staged is None:
            return result
        if result.files:  # none where --env leaves nothing: what is there stays
            stage(job.staged, result)
    except InputError as error:
        return list(error.problems)
    except OutputError as error:
        return error
    except EcsBlocksError as error:
        return [Problem(f"{job.project.root.name}/{app}", 0, 0, "", str(error))]
    return structs.replace(result, files={})
