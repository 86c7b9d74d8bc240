"""``ecs-blocks logs``: the log lines of an app's services."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from typing import TYPE_CHECKING, Final

import click

from ecs_blocks.cli.aws_options import app_argument, aws_options, one_env_option, opened
from ecs_blocks.cli.options import by_default, stacks_option
from ecs_blocks.cli.since import since_option
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.streams import say
from ecs_blocks.cli.task_option import task_option
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.log_tail import Line, Tail, Wanted, find, follow
from ecs_blocks.deploy.show.presenter import is_ci
from ecs_blocks.deploy.show.safe_text import clean_json, clean_lines, spelled
from ecs_blocks.deploy.show.steady import is_terminal
from ecs_blocks.errors import Terminated

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.cli.aws_options import Connection

_ID: Final = 8


@click.command()
@app_argument
@one_env_option
@click.option("--service", metavar="ID", help="Of one service, by its logical id.")
@click.option("--container", metavar="NAME", help="Of one container.")
@task_option("Of one task, running or stopped.")
@since_option("15m", "How far back, like 90s, 2h or 3d; with --task alone its beginning.")
@click.option("--follow", "follows", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Each line as a JSON object.")
@aws_options
@stacks_option
@click.pass_context
@steadfast
def logs(  # noqa: PLR0917 - the command's own settings
    context: click.Context,
    app: str,
    environment: str,
    service: str | None,
    container: str | None,
    task: str | None,
    since: dt.timedelta,
    profile: str | None,
    root: Path,
    *,
    follows: bool,
    as_json: bool,
    local: bool,
) -> int:
    """Print the log lines of the services of APP, of all their tasks in the order of time.

    On a terminal and in a CI job, what would steer it is taken out of the lines; into a pipe they
    go as they are.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    back = None if task is not None and by_default(context, "since") else since
    wanted = Wanted(service, container, task)
    return printed(connection, wanted, back, follows=follows, as_json=as_json)


def printed(
    connection: Connection,
    wanted: Wanted,
    back: dt.timedelta | None,
    *,
    follows: bool,
    as_json: bool,
) -> int:
    """Print the lines from *back* ago on; None is from their beginning.

    Raises:
        DeployError: there is no such service, or AWS did not answer.
    """
    aws = connection.aws
    found = find(aws, connection.stack(), wanted)
    for note in found.notes:
        say(note)
    since_ms = None if back is None else max(0, int((found.now - back).timestamp() * 1000))
    tail = Tail(aws, found.sources, since_ms)
    show = _Printer(as_json=as_json, services={one.service for one in found.sources})
    if follows and found.sources:
        try:
            follow(aws, tail, show, say)
        except KeyboardInterrupt as stop:  # the way to end it
            return int(Exit.TERMINATED if isinstance(stop, Terminated) else Exit.INTERRUPTED)
    for line in tail.look():
        show(line)
    for group in sorted(tail.missing):
        say(f"there is no log group {group}")
    if not show.count and found.sources:
        where = ", ".join(sorted({one.group for one in found.sources}))
        earlier = f"; look further back: {connection.place.command('logs')} --since 1d"
        say(f"no lines in {where}{earlier if back is not None else ''}")
    return 0


class _Printer:
    """Prints lines; on a terminal, and in a CI job's log, without what would steer it."""

    def __init__(self, *, as_json: bool, services: set[str]) -> None:
        self._as_json = as_json
        self._names_service = len(services) > 1
        self._is_read = is_terminal(sys.stdout) or is_ci(os.environ)
        self._encoding = sys.stdout.encoding or "utf-8"
        self.count = 0

    def __call__(self, line: Line) -> None:
        self.count += 1
        at = dt.datetime.fromtimestamp(line.at_ms / 1000, dt.UTC)
        told = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self._as_json:
            row = {
                "at": told,
                "service": line.service,
                "container": line.container,
                "task": line.task_id,
                "message": line.text,
            }
            sys.stdout.write(f"{clean_json(json.dumps(row))}\n")
        else:
            service = f"{line.service}/" if self._names_service else ""
            head = f"{told} {service}{line.container}/{line.task_id[:_ID]}"
            texts = clean_lines(line.text) or [""] if self._is_read else [line.text]
            for text in texts:
                sys.stdout.write(f"{head} {spelled(text, self._encoding)}\n")
        sys.stdout.flush()
