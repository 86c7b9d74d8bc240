"""``ecs-blocks status``: how a stack and its services are, and how the last deploys went."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ecs_blocks.cli.aws_options import app_argument, aws_options, one_env_option, opened
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.streams import put
from ecs_blocks.deploy.condition import condition_of
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.records.store import open_store
from ecs_blocks.deploy.show.condition_text import condition_lines
from ecs_blocks.deploy.show.safe_text import clean_json

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@app_argument
@one_env_option
@click.option("--json", "as_json", is_flag=True, help="The same as JSON on stdout.")
@aws_options
@stacks_option
@steadfast
def status(
    app: str, environment: str, profile: str | None, root: Path, *, as_json: bool, local: bool
) -> int:
    """Show the stack of APP: its status, its services, what failed last, and the last deploys."""
    connection = opened(app, environment, root, profile=profile, local=local)
    aws, place = connection.aws, connection.place
    found = condition_of(aws, place, connection.stack())
    store = open_store(place.settings, aws, place.account_id, connection.project.root.parent)
    records = store.entries(place.app, place.environment, 5)
    if as_json:
        text = clean_json(json.dumps(found.to_json(records), indent=2))
    else:
        text = "\n".join(condition_lines(found, records))
    return int(Exit.DONE if put(text) else Exit.INTERNAL)
