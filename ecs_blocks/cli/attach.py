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
from ecs_blocks.cli.deploy_options import timeout_option
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.cli.single_deploy import Desk
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.deploy.ui import Waits
from ecs_blocks.deploy.watch import Patience

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@app_argument
@one_env_option
@timeout_option
@aws_options
@stacks_option
@steadfast
def attach(
    app: str, environment: str, timeout_min: int, profile: str | None, root: Path, *, local: bool
) -> int:
    """Watch what runs on the stack of APP, whoever started it, from its beginning to its end.

    Where nothing runs, says how the last operation ended, with the same exit code.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    waits = Waits(patience=Patience(timeout_s=timeout_min * 60.0))
    desk = Desk.at(connection, yes=False, waits=waits)
    try:
        outcome = desk.attach(connection.stack())
    finally:
        desk.terminal.close()
    return told(outcome)
