"""Many apps: rendered on every core, each written as soon as it is done, memory flat."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, structs

from ecs_blocks.errors import EcsBlocksError, InputError, OutputError, Problem
from ecs_blocks.templates.output import Format, Row, Written, stage, written
from ecs_blocks.templates.render import Project, render_app
from ecs_blocks.templates.shares import shared_out
from ecs_blocks.templates.stack_outputs import Asked, StackOutputs

if TYPE_CHECKING:
    from collections.abc import Sequence


class Results(Struct, frozen=True):
    """What came of rendering some apps. ``written`` is empty where files were staged."""

    written: list[Written]
    rows: list[Row]
    notes: list[str]
    keys: frozenset[str]
    asked: list[Asked]
    given: dict[str, StackOutputs]


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
    asked: list[Asked] = []
    given: dict[str, StackOutputs] = {}
    problems: list[Problem] = []
    work = partial(_one, job)
    with closing(shared_out(work, apps, called=str, done="rendered")) as outcomes:
        for outcome in outcomes:
            if isinstance(outcome, OutputError):
                raise outcome
            if isinstance(outcome, Written):
                if staged is None:
                    kept.append(outcome)
                rows += outcome.rows
                notes += outcome.notes
                keys |= outcome.keys
                asked += outcome.asked
                given |= outcome.given
            else:
                problems += outcome
    if problems:
        raise InputError(problems)
    return Results(kept, rows, notes, frozenset(keys), asked, given)


_Outcome: TypeAlias = Written | list[Problem] | OutputError


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
