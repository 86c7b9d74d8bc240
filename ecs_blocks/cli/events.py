"""``ecs-blocks events``: what happened in the last operation on a stack, its cause first.

With ``--stopped``: why its tasks stopped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from ecs_blocks.cli.aws_options import app_argument, aws_options, one_env_option, opened
from ecs_blocks.cli.options import by_default, stacks_option
from ecs_blocks.cli.since import since_option
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.streams import put, say
from ecs_blocks.deploy.cloudformation.cause import cause_of, sentence
from ecs_blocks.deploy.cloudformation.events import Event, Feed
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.show.safe_text import clean, clean_json

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@click.command()
@app_argument
@one_env_option
@click.option(
    "--stopped",
    is_flag=True,
    help="Why tasks failed instead, from the history that the cluster keeps (eb.TaskHistory).",
)
@since_option("3d", "With --stopped: how far back, like 90m, 12h or 2w.")
@click.option(
    "--json", "as_json", is_flag=True, help="As JSON on stdout; with --stopped, every task."
)
@aws_options
@stacks_option
@click.pass_context
@steadfast
def events(  # noqa: PLR0917 - the command's own settings
    context: click.Context,
    app: str,
    environment: str,
    since: dt.timedelta,
    profile: str | None,
    root: Path,
    *,
    stopped: bool,
    as_json: bool,
    local: bool,
) -> int:
    """List the events of the last operation on the stack of APP, and first why it failed."""
    if not stopped and not by_default(context, "since"):
        raise click.UsageError("--since goes with --stopped alone")
    if stopped and local:
        raise click.UsageError(
            "--stopped does not go with --local: the imitation of AWS keeps no history of tasks; "
            "what failed lately is in status --local"
        )
    connection = opened(app, environment, root, profile=profile, local=local)
    stack = connection.stack()
    if stopped:
        from ecs_blocks.deploy.show.stopped_text import (  # noqa: PLC0415 - heavy, and rarely
            stopped_json,
            stopped_lines,
        )
        from ecs_blocks.deploy.task_history import read_history  # noqa: PLC0415

        history = read_history(connection.aws, stack, since, say)
        if as_json:
            text = clean_json(json.dumps(stopped_json(history), indent=2, allow_nan=False))
        else:
            text = "\n".join(stopped_lines(history, connection.place))
        return int(Exit.DONE if put(text) else Exit.INTERNAL)
    found = sorted(Feed(connection.aws, stack.stack_id, None).read(), key=lambda one: one.at)
    if as_json:
        text = clean_json(json.dumps([_row(one) for one in found], indent=2))
    else:
        text = "\n".join(_lines(found))
    return int(Exit.DONE if put(text) else Exit.INTERNAL)


def _row(event: Event) -> dict[str, str]:
    return {
        "at": event.at,
        "resource": "/".join((*event.path, event.logical_id)),
        "type": event.type,
        "status": event.status,
        "reason": event.reason,
        "physical_id": event.physical_id,
        "token": event.token,
    }


def _lines(events: Sequence[Event]) -> Iterator[str]:
    cause = cause_of(events)
    if cause.first is not None:
        yield f"because: {clean(sentence(cause.first))}\n"
    widest = max((len(event.status) for event in events), default=0)
    for event in events:
        place = "/".join((*event.path, event.logical_id))
        reason = f"  {event.reason}" if event.reason else ""
        when = f"{event.at[:19]}Z" if event.at.endswith("+00:00") else event.at
        line = f"{when}  {event.status.ljust(widest)}  {place} ({event.type}){reason}"
        yield clean(line).rstrip()
