"""``ecs-blocks delete``: delete a stack, after all that speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ecs_blocks.cli.aws_options import (
    Connection,
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
from ecs_blocks.deploy.cloudformation.statuses import Removal
from ecs_blocks.deploy.deletion import Leave, deletion_of, refuse_deletion, running, start
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.undoing import rested, undone

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.deploy.ending import Outcome


@click.command()
@app_argument
@one_env_option
@click.option(
    "--retain",
    multiple=True,
    metavar="RESOURCE",
    help="Leave in the account what could not be deleted (its logical id). May be repeated.",
)
@click.option(
    "--force",
    is_flag=True,
    help="After a deletion that failed: leave in the account whatever fails again.",
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
    force: bool,
    yes: bool,
    local: bool,
) -> int:
    """Delete the stack of APP. What will be deleted, and what stays, is listed first.

    Nothing begins while termination protection is on, another stack uses an output, a load
    balancer is protected, or an update runs. A deletion that runs already is watched.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    terminal = Terminal(connection.aws.clock, yes=yes)
    try:
        found = _deleted(connection, terminal, Leave(retain, all_that_fails=force))
    finally:
        terminal.close()
    return found if isinstance(found, int) else told(found)


def _deleted(connection: Connection, terminal: Terminal, leave: Leave) -> Outcome | int:
    """How it ended, or the exit code where all has been said."""
    aws, place = connection.aws, connection.place
    stack = read_stack(aws, place.stack_name)
    if stack is not None and stack.row.removal is Removal.WAIT:
        unseen = rested(aws, place, stack, terminal)
        if unseen is not None:
            return unseen
        stack = read_stack(aws, place.stack_name)
    if stack is None:
        say(f"{place.stack_name}: there is nothing to delete")
        return int(Exit.DONE)
    if stack.row.removal is Removal.WATCH:
        terminal.say(f"{stack.name} is being deleted already; watching it")
        if leave != Leave():
            terminal.say("what it leaves was decided when it began: --retain and --force count not")
        return undone(aws, place, running(aws, stack), terminal)
    refuse_deletion(aws, place, stack)
    deletion = deletion_of(aws, place, stack, leave)
    if deletion.obstacles:
        lines = [f"{stack.name} cannot be deleted; nothing was done:", *deletion.obstacles]
        raise DeployError(Exit.REJECTED, "\n  ".join(lines))
    if not terminal.agree(deletion.lines(stack), f"Delete {stack.name}?"):
        return terminal.declined()
    return undone(aws, place, start(aws, place, stack, deletion), terminal)
