"""``ecs-blocks delete``: delete a stack, after all that speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ecs_blocks.cli.aws_options import (
    app_argument,
    aws_options,
    one_env_option,
    opened,
    told,
    yes_option,
)
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.streams import say
from ecs_blocks.cli.terminal import Terminal
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.deletion import deletion_of, start
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.undoing import undone

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@app_argument
@one_env_option
@click.option(
    "--retain",
    multiple=True,
    metavar="RESOURCE",
    help="Leave in the account what could not be deleted (its logical id). May be repeated.",
)
@yes_option
@aws_options
@stacks_option
@steadfast
def delete(
    app: str,
    environment: str,
    retain: tuple[str, ...],
    profile: str | None,
    root: Path,
    *,
    yes: bool,
    local: bool,
) -> int:
    """Delete the stack of APP. What will be deleted, and what stays, is listed first.

    Nothing begins while termination protection is on, another stack uses an output, or a load
    balancer is protected.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    aws, place = connection.aws, connection.place
    terminal = Terminal(aws.clock, yes=yes)
    try:
        stack = read_stack(aws, place.stack_name)
        if stack is None:
            say(f"{place.stack_name}: there is nothing to delete")
            return int(Exit.DONE)
        deletion = deletion_of(aws, place, stack, retain)
        if deletion.obstacles:
            lines = [f"{stack.name} cannot be deleted; nothing was done:", *deletion.obstacles]
            raise DeployError(Exit.REJECTED, "\n  ".join(lines))
        if not terminal.agree(deletion.lines(stack), f"Delete {stack.name}?"):
            return terminal.declined()
        outcome = undone(aws, place, start(aws, stack, retain), terminal)
    finally:
        terminal.close()
    return told(outcome)
