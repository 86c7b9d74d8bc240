"""``ecs-blocks rollback``: deploy a version that served before, as a plan like any other."""

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
from ecs_blocks.cli.single_deploy import carried_out
from ecs_blocks.cli.terminal import Terminal
from ecs_blocks.deploy.deployment import Waits
from ecs_blocks.deploy.records.flags import flags
from ecs_blocks.deploy.records.store import PREVIOUS, open_store
from ecs_blocks.deploy.reviving import revived
from ecs_blocks.deploy.show.condition_text import entry_line

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@app_argument
@one_env_option
@click.option(
    "--to",
    "which",
    default=PREVIOUS,
    show_default=True,
    metavar="DEPLOY",
    help="A deploy's id, its number (1 is the newest), or previous.",
)
@click.option("--list", "only_list", is_flag=True, help="Only list what can be gone back to.")
@yes_option
@aws_options
@stacks_option
def rollback(
    app: str,
    environment: str,
    which: str,
    profile: str | None,
    root: Path,
    *,
    only_list: bool,
    yes: bool,
    local: bool,
) -> int:
    """Deploy a version of APP again that is known to have served.

    The record of that deploy holds its template, parameters and image digests; they are planned,
    shown, executed and verified as in any deploy.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    aws, place, root = connection.aws, connection.place, connection.project.root
    store = open_store(place.settings, aws, place.account_id, root.parent)
    if only_list:
        for entry in store.candidates(place.app, place.environment):
            click.echo(entry_line(entry))
        return 0
    record = store.read(place.app, place.environment, which)
    terminal = Terminal(aws.clock, yes=yes)
    try:
        terminal.say(f"going back to {record.id}, deployed by {record.who}")
        prepared = revived(aws, place, record, connection.identity, tuple(flags(record, aws)))
        outcome = carried_out(connection, prepared, terminal, Waits(), store)
    finally:
        terminal.close()
    return told(outcome)
