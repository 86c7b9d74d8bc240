"""``ecs-blocks priorities``: the numbers of rules on shared listeners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import structs

from ecs_blocks.cli.options import chosen_apps, stacks_option
from ecs_blocks.errors import InputError, OutputError, Problem
from ecs_blocks.priorities.allot import allot
from ecs_blocks.priorities.claims import clashes
from ecs_blocks.priorities.lock import NAME, Lock, written
from ecs_blocks.templates.listeners import bands, claims
from ecs_blocks.templates.render import Project, render_app
from ecs_blocks.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.priorities.allot import Allotted, Key
    from ecs_blocks.priorities.claims import Claim


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 2 if it would.")
@stacks_option
def priorities(*, only_check: bool, root: Path) -> int:
    """Give each rule on a shared listener a number, in STACKS/priorities.lock.

    A rule keeps the number that it has; a new one takes a free one, before all that are wider.
    Two apps that claim the same host and path are refused, and so is a number in environment.yaml
    or stack.py that the file gives to another rule.
    """
    project = Project.open(root.absolute())
    if project.problems:
        raise InputError(project.problems)
    lock = project.priorities or Lock(NAME, {})
    found, numbers = _found(structs.replace(project, priorities=None))
    allotted, problems = allot(found, numbers, lock)
    by_key = {(one.app, one.rule): one.priority for one in allotted.entries}
    numbered = [
        structs.replace(one, priority=by_key[one.key], locked=lock.place(one.key, by_key[one.key]))
        if one.key in by_key
        else one
        for one in found
    ]
    if problems := clashes(found) or problems or clashes(numbered):
        error = InputError(problems)
        error.closing = f"{lock.file} is as it was"
        raise error
    lines = _lines(allotted)
    for line in lines:
        click.echo(line)
    click.echo(f"{lock.file}: {len(allotted.entries)} rules, {_count(allotted)}", err=True)
    if only_check:
        return 2 if lines else 0
    if lines:
        _write(root / NAME, written(allotted.entries))
    return 0


def _found(project: Project) -> tuple[list[Claim], dict[Key, range]]:
    """What every app claims, and the bands of the rules that wait for a number."""
    found: list[Claim] = []
    numbers: dict[Key, range] = {}
    problems: list[Problem] = []
    for name in chosen_apps(project, ()):
        try:
            app = render_app(project, name, {})
        except InputError as error:
            problems += error.problems
            continue
        found += claims(project, app)
        numbers |= bands(app)
    if problems:
        raise InputError(problems)
    return found, numbers


def _lines(allotted: Allotted) -> list[str]:
    """What changes, one line each."""
    return [
        *(f"+ {one}" for one in allotted.added),
        *(
            f"~ {after} (was {before.priority} {before.matches})"
            for before, after in allotted.moved
        ),
        *(f"- {one}" for one in allotted.removed),
    ]


def _count(allotted: Allotted) -> str:
    parts = (
        (len(allotted.added), "new"),
        (len(allotted.moved), "changed"),
        (len(allotted.removed), "gone"),
    )
    return ", ".join(f"{count} {word}" for count, word in parts if count) or "nothing to change"


def _write(path: Path, text: str) -> None:
    """Put *text* at *path*, whole or not at all."""
    try:
        write_whole(path, text.encode(), 0o644)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error
