"""``ecs-blocks render``, and ``python -m stacks.render``: the main job."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecs_blocks.cli.options import (
    apps_argument,
    by_default,
    chosen_apps,
    chosen_environments,
    env_option,
    parsed_overrides,
    set_option,
    stacks_option,
    undeclared,
    undeclared_by_platform,
)
from ecs_blocks.errors import InputError, OutputError, Problem
from ecs_blocks.templates.fleet import render_all
from ecs_blocks.templates.output import rendered_before, stream, swap
from ecs_blocks.templates.render import Project
from ecs_blocks.templates.stack_outputs import unanswered
from ecs_blocks.templates.staging import staging

if TYPE_CHECKING:
    from ecs_blocks.templates.fleet import Results
    from ecs_blocks.templates.output import Format, Row


@click.command()
@apps_argument
@env_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "json", "git-sync"]),
    default="yaml",
    show_default=True,
    help="How templates are written; git-sync also writes CloudFormation Git sync's files.",
)
@click.option(
    "--out",
    default="build",
    show_default=True,
    metavar="DIR",
    help="Where to; a hyphen prints to stdout.",
)
@set_option
@click.option("--json", "as_json", is_flag=True, help="The closing table as JSON on stdout.")
@stacks_option
def render(
    apps: tuple[str, ...],
    environments: tuple[str, ...],
    form: Format,
    out: str,
    overrides: tuple[str, ...],
    *,
    as_json: bool,
    root: Path,
) -> None:
    """Write each APP's template and its environments' parameters; without APP, of all.

    DIR/APP/template.yaml is the same for every environment; DIR/APP/ENV.json is what is fed to it.
    A mistake anywhere leaves DIR as it was.
    """
    if not out or (out == "-" and as_json):
        raise click.UsageError("--out takes a folder, or - alone: with --json stdout is taken")
    try:
        project = Project.open(root.absolute())
        names = chosen_apps(project, apps)
        only = chosen_environments(project, environments)
        values = parsed_overrides(overrides)
        target = None if out == "-" else _target(out, root)
        results = _rendered(project, names, values, form, only, target, every_app=not apps)
    except (InputError, OutputError) as error:
        error.closing = "nothing was written"
        raise
    if target is None:
        click.echo(stream(results.written, form), nl=False)
    for note in results.notes:
        click.echo(f"note: {note}", err=True)
    if as_json:
        click.echo(json.dumps([row.to_json() for row in results.rows], indent=2))
    else:
        click.echo(table(results.rows), err=True)
    if target is not None and sys.stderr.isatty() and results.rows:
        click.echo(f"\nLook into {target}/{results.rows[0].app}/", err=True)


def _target(out: str, root: Path) -> Path:
    """What is given, from here; by default build/ beside the stacks/ that was found."""
    context = click.get_current_context()
    here = not (by_default(context, "out") and by_default(context, "root"))
    return Path(out) if here else root.parent / out


def _rendered(  # noqa: PLR0917 - the command's own settings
    project: Project,
    names: list[str],
    values: dict[str, str],
    form: Format,
    only: frozenset[str],
    target: Path | None,
    *,
    every_app: bool,
) -> Results:
    """Render, and where there is a *target*, put the result there, whole or not at all."""
    if target is None:
        results = render_all(project, names, values, form=form, folder=".", only=only)
        _refuse_together(project, values, results, every_app=every_app)
        return results
    folder = os.path.relpath(target).replace(os.sep, "/")
    with staging(target) as staged:
        results = render_all(
            project, names, values, form=form, folder=folder, only=only, staged=staged
        )
        _refuse_together(project, values, results, every_app=every_app)
        swap(staged, target)
    if every_app:
        gone = [app for app in rendered_before(target) if app not in names]
        results.notes.extend(
            f"{target}/{app} is of an app that is no more; remove it" for app in gone
        )
    return results


def _refuse_together(
    project: Project, values: dict[str, str], results: Results, *, every_app: bool
) -> None:
    """Refuse what only several apps together show to be wrong.

    Keys of ``--set``, and with every app at hand platform.yaml's too, that nobody declares; two
    apps that would be one stack; an output that is looked up, and that no stack gives.

    Raises:
        InputError: there is one.
    """
    problems = undeclared(values, results.keys) + _same_stacks(project, results.rows)
    problems += unanswered(results.asked, results.given, every_app=every_app)
    keys = results.keys
    if every_app:
        problems += undeclared_by_platform(project.platform, keys)
    if problems:
        raise InputError(problems)


def _same_stacks(project: Project, rows: list[Row]) -> list[Problem]:
    owners: dict[str, str] = {}
    problems = []
    for row in rows:
        owner = f"{row.app} in {row.environment}"
        first = owners.setdefault(row.stack, owner)
        if first != owner:
            message = f"{first} and {owner} would both be the stack {row.stack}; rename one of them"
            problems.append(Problem(project.platform.file, 0, 0, "stack_name", message))
    return problems


def table(rows: list[Row]) -> str:
    """The closing table."""
    head = ("app", "environment", "resources", "parameters", "bytes", "digest")
    cells = [
        (r.app, r.environment, f"{r.resources}", f"{r.parameters}", f"{r.bytes:,}", r.digest)
        for r in rows
    ]
    widths = [max(len(line[n]) for line in [head, *cells]) for n in range(len(head))]
    lines = []
    for line in [head, *cells]:
        parts = [
            cell.rjust(width) if 2 <= n <= 4 else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)
