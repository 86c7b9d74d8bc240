"""``ecs-blocks events``: what happened in the last operation on a stack, its cause first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ecs_blocks.cli.aws_options import app_argument, aws_options, one_env_option, opened
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.deploy.cause import cause_of, sentence
from ecs_blocks.deploy.events import Feed
from ecs_blocks.deploy.show.safe_text import clean

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@app_argument
@one_env_option
@click.option("--json", "as_json", is_flag=True, help="The events as JSON on stdout.")
@aws_options
@stacks_option
def events(
    app: str, environment: str, profile: str | None, root: Path, *, as_json: bool, local: bool
) -> int:
    """List the events of the last operation on the stack of APP, and first why it failed."""
    connection = opened(app, environment, root, profile=profile, local=local)
    found = Feed(connection.aws, connection.stack().stack_id, None).read()
    if as_json:
        rows = [
            {
                "at": e.at,
                "resource": "/".join((*e.path, e.logical_id)),
                "type": e.type,
                "status": e.status,
                "reason": e.reason,
                "physical_id": e.physical_id,
                "token": e.token,
            }
            for e in found
        ]
        click.echo(json.dumps(rows, indent=2))
        return 0
    cause = cause_of(found)
    if cause.first is not None:
        click.echo(f"because: {clean(sentence(cause.first))}\n")
    for event in sorted(found, key=lambda event: event.at):
        place = "/".join((*event.path, event.logical_id))
        reason = f"  {event.reason}" if event.reason else ""
        click.echo(clean(f"{event.at}  {event.status:<28} {place} ({event.type}){reason}"))
    return 0
