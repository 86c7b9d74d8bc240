"""``ecs-blocks redeploy``: start the version that runs again."""

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
from ecs_blocks.cli.deploy_options import timeout_option
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.terminal import Terminal
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.redeploy.follow import follow
from ecs_blocks.deploy.redeploy.lines import redeploy_lines
from ecs_blocks.deploy.redeploy.running import read_running
from ecs_blocks.deploy.redeploy.start import start
from ecs_blocks.deploy.watch import Patience

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ecs_blocks.cli.aws_options import Connection
    from ecs_blocks.deploy.redeploy.running import Running


@click.command()
@app_argument
@one_env_option
@click.option("--service", metavar="ID", help="Only this service, by its logical id.")
@yes_option
@timeout_option
@aws_options
@stacks_option
@steadfast
def redeploy(  # noqa: PLR0917 - the command's own settings
    app: str,
    environment: str,
    service: str | None,
    timeout_min: int,
    profile: str | None,
    root: Path,
    *,
    yes: bool,
    local: bool,
) -> int:
    """Start the version of APP that runs again: all tasks are exchanged, and read secrets anew.

    Nothing else changes, neither the stack nor its services. Where a service is being started again
    already, that is watched, and nothing is started.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    aws, place = connection.aws, connection.place
    terminal = Terminal(aws.clock, yes=yes)
    again = place.command("redeploy", *(["--service", service] if service else []))
    try:
        stack = connection.stack()
        found = read_running(aws, place, stack, service)
        lines = redeploy_lines(stack.name, found)
        if all(one.under_way for one in found):
            terminal.say("\n".join(lines))
        elif not terminal.agree(lines, "Start this again?"):
            return terminal.declined()
        elif not yes:  # who thinks about it may take hours
            found = _as_agreed(connection, found, service)
        begun = start(aws, stack.stack_id, found)
        patience = Patience(timeout_s=timeout_min * 60.0)
        outcome = follow(aws, place, begun, terminal, patience, again=again)
    finally:
        terminal.close()
    return told(outcome)


def _as_agreed(
    connection: Connection, agreed: Sequence[Running], service: str | None
) -> list[Running]:
    """The services as they are once somebody has agreed.

    Raises:
        DeployError: another version runs than the one that was agreed to, or as ``read_running``.
    """
    found = read_running(connection.aws, connection.place, connection.stack(), service)
    before = {one.logical_id: one.task_definition for one in agreed}
    if before != {one.logical_id: one.task_definition for one in found}:
        raise DeployError(
            Exit.BLOCKED,
            f"{connection.place.stack_name}: another version was deployed while you were asked; "
            "nothing was started",
            "run the same command again to see it",
        )
    return found
