"""``ecs-blocks cancel``: end an update that runs, and watch the stack go back."""

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
from ecs_blocks.cli.terminal import Terminal
from ecs_blocks.deploy.recovery import cancel as cancel_update
from ecs_blocks.deploy.recovery import going_back, refuse_cancel
from ecs_blocks.deploy.undoing import undone

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@app_argument
@one_env_option
@yes_option
@aws_options
@stacks_option
@steadfast
def cancel(
    app: str, environment: str, profile: str | None, root: Path, *, yes: bool, local: bool
) -> int:
    """End the update that runs on the stack of APP; CloudFormation goes back to the version before.

    A creation cannot be cancelled; it can only be deleted. Where the stack goes back already, that
    is watched.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    aws, place = connection.aws, connection.place
    terminal = Terminal(aws.clock, yes=yes)
    try:
        stack = connection.stack()
        operation = going_back(aws, stack)
        if operation is None:
            refuse_cancel(place, stack)
            lines = [f"{stack.name} is {stack.status}; what it has done so far is taken back"]
            if not terminal.agree(lines, "End this update and go back?"):
                return terminal.declined()
            operation = cancel_update(aws, place, stack)
        else:
            terminal.say(f"{stack.name} goes back already ({stack.status}); watching it")
        outcome = undone(aws, place, operation, terminal)
    finally:
        terminal.close()
    return told(outcome)
