"""``ecs-blocks check``: judge templates, ours or anybody's, before AWS does."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecs_blocks.checks.cache import Cache
from ecs_blocks.checks.inspector import Inspector, Subject
from ecs_blocks.checks.model import Severity
from ecs_blocks.checks.report import collect
from ecs_blocks.checks.secrets import secrets_in
from ecs_blocks.cli.options import (
    apps_argument,
    chosen_apps,
    parsed_overrides,
    set_option,
    stacks_option,
    undeclared,
)
from ecs_blocks.deploy.show.presenter import is_ci
from ecs_blocks.deploy.show.safe_text import clean_json, clean_lines, spelled
from ecs_blocks.errors import InputError, Problem
from ecs_blocks.priorities.claims import clashes
from ecs_blocks.templates.listeners import claims
from ecs_blocks.templates.read import defaults, read_parameters, read_template
from ecs_blocks.templates.render import Project, render_app
from ecs_blocks.templates.stack_outputs import asked_by, given_by, unanswered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecs_blocks.templates.render import RenderedApp


@click.command()
@apps_argument
@click.option(
    "--template",
    "template",
    type=click.Path(path_type=Path),
    help="A template that anyone wrote, instead of the apps'.",
)
@click.option(
    "--parameters",
    "parameters",
    type=click.Path(path_type=Path),
    help='Its parameters: {"Parameters": {…}}, or the AWS CLI\'s list.',
)
@set_option
@click.option("--no-cache", is_flag=True, help="Judge everything again.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON on stdout.")
@click.option("--verbose", is_flag=True, help="Also what is suppressed and what is not checked.")
@stacks_option
def check(  # noqa: PLR0917 - click gives them by name
    apps: tuple[str, ...],
    template: Path | None,
    parameters: Path | None,
    overrides: tuple[str, ...],
    no_cache: bool,  # noqa: FBT001 - a flag of the command line
    as_json: bool,  # noqa: FBT001 - the same
    verbose: bool,  # noqa: FBT001 - the same
    root: Path,
) -> int:
    """Judge each APP's template with the values of each of its environments; without APP, of all.

    Three judges: AWS's cloudformation-validate, the checks of ecs_blocks, and the Guard rules in
    STACKS/policies/*.guard; and a detector of credentials over the files. Exit code 2 if one finds
    an error.
    """
    root = root.absolute()
    files: list[Path] = []
    if template is not None:
        if apps:
            raise click.UsageError("give apps, or --template; not both")
        subjects = [_subject_of_file(template, parameters)]
    elif parameters is not None:
        raise click.UsageError("--parameters goes with --template")
    else:
        subjects, files = _subjects_of_apps(root, apps, parsed_overrides(overrides))
    policies = root / "policies"
    guard = tuple(sorted(p for p in policies.glob("*.guard") if p.is_file()))
    # in a CI job there is no cache but one that somebody has committed
    folder = None if no_cache or is_ci(os.environ) else root.parent / ".ecs-blocks" / "check"
    inspector = Inspector(Cache(folder, guard), guard)
    report = collect(inspector, subjects, secrets_in(files, root.parent))
    if as_json:
        click.echo(clean_json(json.dumps(report.to_json(), indent=2)))
    else:
        text = "\n".join(clean_lines(report.text(verbose=verbose)))
        click.echo(spelled(text, getattr(sys.stdout, "encoding", None) or "utf-8"))
    return 2 if report.count(Severity.ERROR) else 0


def _subject_of_file(template: Path, parameters: Path | None) -> Subject:
    tree = read_template(template)
    given = read_parameters(parameters) if parameters else {}
    return Subject(str(template), "", tree, defaults(tree) | given, {})


def _subjects_of_apps(
    root: Path, names: Sequence[str], overrides: dict[str, str]
) -> tuple[list[Subject], list[Path]]:
    project = Project.open(root)
    apps: list[RenderedApp] = []
    problems: list[Problem] = []
    chosen = chosen_apps(project, names)
    for name in chosen:
        try:
            apps.append(render_app(project, name, overrides))
        except InputError as error:
            problems += error.problems
    keys = frozenset(key for app in apps for key in app.keys)
    problems = problems or undeclared(overrides, keys)
    problems = problems or unanswered(
        (one for app in apps for one in asked_by(app)),
        {stack: given for app in apps for stack, given in given_by(app).items()},
        every_app=not names,
    )
    problems = problems or clashes(claim for app in apps for claim in claims(project, app))
    if problems:
        raise InputError(problems)
    subjects = [
        Subject(
            f"{root.name}/{app.app}/stack.py",
            environment.name,
            environment.template,
            environment.parameters,
            environment.pseudo,
            environment.public_subnet_ids,
            environment.private_subnet_ids,
        )
        for app in apps
        for environment in app.environments
    ]
    files = [root / "platform.yaml"]
    files += [root / name / file for name in chosen for file in ("environment.yaml", "stack.py")]
    return subjects, files
