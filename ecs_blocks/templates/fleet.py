"""Many apps: rendered on every core, each written as soon as it is done, memory flat."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from ecs_blocks.errors import EcsBlocksError, InputError, Problem
from ecs_blocks.templates.output import Format, Row, Written, stage, written
from ecs_blocks.templates.render import Project, render_app

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

ALONE: Final = 12
"""Up to this many apps are rendered here; more are worth the start of other processes."""


@dataclass
class Results:
    """What came of rendering some apps. ``written`` is empty where files were staged."""

    written: list[Written] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Job:
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
    """
    job = _Job(project, dict(overrides), form, folder, only, staged)
    results = Results()
    problems: list[Problem] = []
    keys: set[str] = set()
    for outcome in _outcomes(job, apps):
        if isinstance(outcome, Written):
            if staged is None:
                results.written.append(outcome)
            results.rows += outcome.rows
            results.notes += outcome.notes
            keys |= outcome.keys
        else:
            problems += outcome
    if problems:
        raise InputError(problems)
    results.keys = frozenset(keys)
    return results


def _outcomes(job: _Job, apps: Sequence[str]) -> Iterable[Written | list[Problem]]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    methods = multiprocessing.get_all_start_methods()
    if len(apps) <= ALONE or (cores or 1) < 2 or "fork" not in methods:
        return map(partial(_one, job), apps)
    return _parallel(job, apps, cores or 1)


def _parallel(job: _Job, apps: Sequence[str], cores: int) -> Iterable[Written | list[Problem]]:
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(cores, mp_context=context) as pool:
        yield from pool.map(partial(_one, job), apps, chunksize=max(1, len(apps) // (cores * 8)))


def _one(job: _Job, app: str) -> Written | list[Problem]:
    """Render one app; its problems as data, so that those of the others are found too."""
    try:
        rendered = render_app(job.project, app, job.overrides)
        result = written(rendered, form=job.form, folder=f"{job.folder}/{app}", only=job.only)
    except InputError as error:
        return list(error.problems)
    except EcsBlocksError as error:
        return [Problem(f"{job.project.root.name}/{app}", 0, 0, "", str(error))]
    if job.staged is None:
        return result
    stage(job.staged, result)
    return replace(result, files={})
