"""``ecs-blocks attach``: watch the operation that runs on a stack, to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ecs_blocks.cli.aws_options import (
    app_argument,
    aws_options,
    one_env_option,
    opened,
    told,
)
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.cli.terminal import Terminal
from ecs_blocks.deploy.attaching import attach as attach_to
from ecs_blocks.deploy.watch import Patience

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@app_argument
@one_env_option
@click.option(
    "--timeout",
    "timeout_min",
    type=click.IntRange(1, 1440),
    default=60,
    show_default=True,
    metavar="MINUTES",
    help="Stop watching after so long; the operation goes on.",
)
@aws_options
@stacks_option
def attach(
    app: str, environment: str, timeout_min: int, profile: str | None, root: Path, *, local: bool
) -> int:
    """Watch what runs on the stack of APP, whoever started it, from its beginning to its end."""
    connection = opened(app, environment, root, profile=profile, local=local)
    terminal = Terminal(connection.aws.clock, yes=False)
    try:
        patience = Patience(timeout_s=timeout_min * 60.0)
        place, stack = connection.place, connection.stack()
        outcome = attach_to(connection.aws, place, stack, terminal, patience)
    finally:
        terminal.close()
    return told(outcome)
