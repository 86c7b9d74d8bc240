"""``ecs-blocks check``: judge templates, ours or anybody's, before AWS does."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecs_blocks.checks.cache import Cache
from ecs_blocks.checks.inspect import Inspector, Subject
from ecs_blocks.checks.model import Severity
from ecs_blocks.checks.secrets import secrets_in
from ecs_blocks.cli.options import (
    apps_argument,
    chosen_apps,
    parsed_overrides,
    set_option,
    stacks_option,
    undeclared,
)
from ecs_blocks.errors import InputError
from ecs_blocks.templates.read import defaults, read_parameters, read_template
from ecs_blocks.templates.render import Project, render_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ecs_blocks.checks.run import Finding, NotChecked
    from ecs_blocks.templates.render import RenderedApp


@dataclass(frozen=True)
class Reported:
    """A finding, where it is, and in which environments."""

    file: str
    environments: tuple[str, ...]
    finding: Finding

    @property
    def text(self) -> str:
        """As a person reads it: where, how bad, what, and the two ways out."""
        one = self.finding
        place = ": ".join(
            part
            for part in (
                self.file + (f" ({', '.join(self.environments)})" if self.environments else ""),
                ".".join(part for part in (one.resource, one.property) if part),
            )
            if part
        )
        lines = [f"{place}: {one.severity} {one.id}: {one.message}"]
        if one.suppressed:
            lines.append(f"    suppressed: {one.suppressed}")
            return "\n".join(lines)
        if one.fix:
            lines.append(f"    to mend it: {one.fix}")
        return "\n".join(lines)


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
    if template is not None:
        if apps:
            raise click.UsageError("give apps, or --template; not both")
        subjects, files = [_subject_of_file(template, parameters)], []
    elif parameters is not None:
        raise click.UsageError("--parameters goes with --template")
    else:
        subjects, files = _subjects_of_apps(root, apps, parsed_overrides(overrides))
    policies = root / "policies"
    guard = tuple(sorted(policies.glob("*.guard"))) if policies.is_dir() else ()
    folder = None if no_cache else root.absolute().parent / ".ecs-blocks" / "check"
    inspector = Inspector(Cache(folder, guard), guard)
    reported: dict[tuple[str, Finding], list[str]] = {}
    not_checked: list[tuple[Subject, NotChecked]] = []
    judged = 0
    for subject in subjects:
        verdict = inspector.verdict(subject)
        judged += verdict.judged
        not_checked += [(subject, one) for one in verdict.not_checked]
        for finding in verdict.findings:
            reported.setdefault((subject.file, finding), []).append(subject.environment)
    for finding in secrets_in(files):
        reported[(root.name, finding)] = []
    found = [
        Reported(file, tuple(filter(None, environments)), finding)
        for (file, finding), environments in reported.items()
    ]
    summary = _Summary(found, not_checked, judged, len(subjects))
    if as_json:
        click.echo(json.dumps(summary.to_json(), indent=2))
    else:
        click.echo(summary.text(verbose=verbose))
    return 2 if summary.count(Severity.ERROR) else 0


@dataclass(frozen=True)
class _Summary:
    found: Sequence[Reported]
    not_checked: Sequence[tuple[Subject, NotChecked]]
    judged: int
    subjects: int

    def count(self, severity: Severity) -> int:
        """How many findings of *severity* are not suppressed."""
        return sum(
            1
            for one in self.found
            if one.finding.severity is severity and not one.finding.suppressed
        )

    def text(self, *, verbose: bool) -> str:
        """For a person: what is to do first, the count last."""
        lines = list(self._lines(verbose=verbose))
        open_ones = [one for one in self.found if not one.finding.suppressed]
        if open_ones:
            example = open_ones[0].finding
            lines += [
                "",
                "A finding that is right as it is can be silenced, with the reason beside it: "
                f'eb.suppress(resource, "{example.id}", reason="…") in stack.py, or in a template '
                f'Metadata: {{ecs_blocks: {{suppress: {{{example.id}: "…"}}}}}}.',
                "",
            ]
        silent = sum(1 for one in self.found if one.finding.suppressed)
        lines.append(
            f"{self.subjects} templates with values, {self.judged} checks: "
            f"{_plural(self.count(Severity.ERROR), 'error')}, "
            f"{_plural(self.count(Severity.WARNING), 'warning')}, {silent} suppressed, "
            f"{len(self.not_checked)} not checked"
            + ("" if verbose or not self.not_checked else " (--verbose lists them)")
        )
        return "\n".join(lines)

    def _lines(self, *, verbose: bool) -> Iterator[str]:
        order = list(Severity)
        for one in sorted(self.found, key=lambda r: order.index(r.finding.severity)):
            if verbose or not one.finding.suppressed:
                yield one.text
        for subject, one in self.not_checked if verbose else ():
            environment = f" ({subject.environment})" if subject.environment else ""
            yield (
                f"{subject.file}{environment}: {one.resource}.{one.property}: not checked by "
                f"{one.id}: the value is known only when CloudFormation runs"
            )

    def to_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "templates": self.subjects,
            "checks": self.judged,
            "findings": [
                {"file": r.file, "environments": list(r.environments), **asdict(r.finding)}
                for r in self.found
            ],
            "not_checked": [
                {"file": subject.file, "environment": subject.environment, **asdict(one)}
                for subject, one in self.not_checked
            ],
        }


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _subject_of_file(template: Path, parameters: Path | None) -> Subject:
    tree = read_template(template)
    given = read_parameters(parameters) if parameters else {}
    return Subject(str(template), "", tree, defaults(tree) | given, {})


def _subjects_of_apps(
    root: Path, names: Sequence[str], overrides: dict[str, str]
) -> tuple[list[Subject], list[Path]]:
    project = Project.open(root.absolute())
    apps: list[RenderedApp] = []
    problems = []
    chosen = chosen_apps(project, names)
    for name in chosen:
        try:
            apps.append(render_app(project, name, overrides))
        except InputError as error:
            problems += error.problems
    keys = frozenset(key for app in apps for key in app.keys)
    if problems or (problems := undeclared(overrides, keys)):
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
