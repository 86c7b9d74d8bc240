"""``ecs-blocks account-setup``: what an account needs once, before its first deploy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ecs_blocks.cli.aws_options import (
    Connection,
    access_of,
    aws_options,
    one_env_option,
    yes_option,
)
from ecs_blocks.cli.options import chosen_environments, stacks_option
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.streams import put, say
from ecs_blocks.cli.terminal import Terminal
from ecs_blocks.deploy.account_setup import apply, plan
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.execute.permissions import exec_policy
from ecs_blocks.deploy.permissions import policy
from ecs_blocks.deploy.place import place_of
from ecs_blocks.environment.files import read_app
from ecs_blocks.errors import InputError
from ecs_blocks.naming import stack_name
from ecs_blocks.templates.render import Project

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ecs_blocks.deploy.account_setup import Step
    from ecs_blocks.errors import Problem

_NO_APP = "account"
"""The place is the account's; it has no stack."""


@click.command("account-setup")
@one_env_option
@click.option(
    "--policy",
    "only_policy",
    is_flag=True,
    help="Print the IAM policy of whoever deploys there, as JSON; ask AWS nothing.",
)
@click.option(
    "--exec-policy",
    "only_exec_policy",
    is_flag=True,
    help="The same of whoever may use ecs-blocks exec there; no deployer needs it.",
)
@yes_option
@aws_options
@stacks_option
@steadfast
def account_setup(
    environment: str,
    profile: str | None,
    root: Path,
    *,
    only_policy: bool,
    only_exec_policy: bool,
    yes: bool,
    local: bool,
) -> int:
    """Give an account what ECS needs in it: service-linked roles, and good settings of ECS.

    Shows what is there and what would be done, and asks. What is good already stays; run it as
    often as you like. Exit code 4 if it was declined, or nobody could be asked.
    """
    if only_policy and only_exec_policy:
        raise click.UsageError("--policy and --exec-policy are two policies: print one at a time")
    project = Project.open(root.absolute())
    if project.problems:
        raise InputError(project.problems)
    [environment] = chosen_environments(project, [environment])
    place = place_of(project, _NO_APP, environment, access_of(root, profile, local=local))
    if only_policy or only_exec_policy:
        stacks = stack_name(project.platform.stack_name, app="*", environment=environment)
        if only_exec_policy:
            document = exec_policy(place)
        else:
            document = policy(place, stacks, _images(project))
        return int(Exit.DONE if put(json.dumps(document, indent=2)) else Exit.INTERNAL)
    connection = Connection(project, place)
    steps = plan(connection.aws)
    todo = [step for step in steps if not step.is_done]
    who = connection.identity.arn
    lines = [f"{environment}: account {place.account_id}, {place.region}, as {who}", *table(steps)]
    if not todo:
        say("\n".join([*lines, "everything is there; nothing to do"]))
        return int(Exit.DONE)
    terminal = Terminal(connection.aws.clock, yes=yes)
    changes = "this change" if len(todo) == 1 else f"these {len(todo)} changes"
    if not terminal.agree(lines, f"Make {changes} in the account?"):
        return terminal.declined()
    for step in apply(connection.aws, steps):
        say(f"done: {step.name} is {step.will_be}")
    return int(Exit.DONE)


def _images(project: Project) -> list[str]:
    """The repositories under ``images:`` of every app's environment.yaml.

    Raises:
        InputError: with every problem of these files.
    """
    found: list[str] = []
    problems: list[Problem] = []
    for app in project.apps():
        path = project.root / app / "environment.yaml"
        file = f"{project.root.name}/{app}/environment.yaml"
        source, more = read_app(path, app, file, project.platform)
        found += source.images
        problems += more
    if problems:
        raise InputError(problems)
    return found


def table(steps: Sequence[Step]) -> list[str]:
    """One line for each step: what it is, what it is now, what it will be, what it is for."""
    cells = [
        (
            f"{'service-linked role' if step.kind == 'role' else 'ECS setting'} {step.name}",
            step.now if step.is_done else f"{step.now} -> {step.will_be}",
            step.help,
        )
        for step in steps
    ]
    widths = [max(len(line[n]) for line in cells) for n in range(2)]
    return [
        f"  {name.ljust(widths[0])}  {state.ljust(widths[1])}  {purpose}"
        for name, state, purpose in cells
    ]
