"""``ecs-blocks recover``: bring a stack that is stuck back to rest."""

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
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.recovery import (
    being_deleted,
    going_back,
    recovery_of,
    refuse_skip,
    start,
)
from ecs_blocks.deploy.undoing import not_recovered, undone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ecs_blocks.deploy.ending import Outcome


@click.command()
@app_argument
@one_env_option
@click.option(
    "--skip",
    multiple=True,
    metavar="RESOURCE",
    help="Leave out a resource that cannot be rolled back (its logical id; of a nested stack: "
    "Nested.Resource). May be repeated.",
)
@yes_option
@aws_options
@stacks_option
@steadfast
def recover(
    app: str,
    environment: str,
    skip: tuple[str, ...],
    profile: str | None,
    root: Path,
    *,
    yes: bool,
    local: bool,
) -> int:
    """Bring the stack of APP back to rest after an update or a rollback that failed.

    Shows what failed, and first tries again with nothing left out. What is left out with --skip is
    from then on other than the stack says, until the next deploy. Where the stack goes back
    already, that is watched.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    terminal = Terminal(connection.aws.clock, yes=yes)
    try:
        found = _recovered(connection, terminal, skip)
    finally:
        terminal.close()
    return found if isinstance(found, int) else told(found)


def _recovered(connection: Connection, terminal: Terminal, skip: Sequence[str]) -> Outcome | int:
    """How it ended, or the exit code where all has been said."""
    aws, place, stack = connection.aws, connection.place, connection.stack()
    running, deleting = going_back(aws, stack), being_deleted(aws, stack)
    if running is not None:
        refuse_skip(place, stack, skip)
        terminal.say(f"{stack.name} goes back already ({stack.status}); watching it")
        return undone(aws, place, running, terminal)
    if deleting is not None and not skip:
        terminal.say(
            f"{stack.name} is being deleted ({stack.status}), which nothing ends; watching it"
        )
        outcome = undone(aws, place, deleting.operation, terminal)
        return outcome if deleting.is_recovery else not_recovered(outcome)
    recovery = recovery_of(aws, place, stack, skip)
    if recovery is None:
        say(f"{stack.name} is {stack.status}; there is nothing to recover")
        return int(Exit.DONE)
    if not terminal.agree(recovery.lines(stack), "Do this?"):
        return terminal.declined()
    operation = start(aws, place, stack, recovery)
    skipped = [one.path for one in recovery.skipped]
    return undone(aws, place, operation, terminal, skipped=skipped)
