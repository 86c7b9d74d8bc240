"""``ecs-blocks local``: the imitation of AWS that ``deploy --local`` runs against."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import click

from ecs_blocks.cli.aws_options import access_of
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.streams import put, say
from ecs_blocks.deploy.local import server
from ecs_blocks.deploy.local.words import introduction, not_running, to_stderr

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("action", type=click.Choice(["start", "status", "stop"]), default="status")
@click.option("--json", "as_json", is_flag=True, help="Where it is, as JSON on stdout.")
@stacks_option
@steadfast
def local(action: Literal["start", "status", "stop"], root: Path, *, as_json: bool) -> int:
    """Start, look at or stop the AWS on this machine that deploy --local runs against.

    It is one for each checkout, and runs until it is stopped; what is in it is gone then.
    """
    checkout = root.absolute().parent
    stop = access_of(root, None, local=True).command("local", "stop")
    if action == "stop":
        found = None
        text = "stopped, with everything in it" if server.stop(checkout) else not_running()
    else:
        found = server.start(checkout, to_stderr) if action == "start" else server.status(checkout)
        text = introduction(found, stop) if found else not_running()
    if as_json:
        content = (
            {"url": found.url, "pid": found.pid, "docker_host": found.docker_host}
            if found
            else None
        )
        put(json.dumps(content, indent=2))
    say(text)
    return 0
