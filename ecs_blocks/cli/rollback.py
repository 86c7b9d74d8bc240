"""``ecs-blocks rollback``: deploy a version that served before, as a plan like any other."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

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
from ecs_blocks.cli.single_deploy import Desk
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.streams import put, say
from ecs_blocks.deploy.cloudformation.stack import read_stack
from ecs_blocks.deploy.errors import Exit
from ecs_blocks.deploy.going_back import Choice, History
from ecs_blocks.deploy.records.flags import flags
from ecs_blocks.deploy.reviving import revived
from ecs_blocks.deploy.show.condition_text import entry_line, failure_lines, short_who

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ecs_blocks.deploy.ending import Outcome
    from ecs_blocks.deploy.records.back import Current
    from ecs_blocks.deploy.records.entry import Entry

_PREVIOUS: Final = "previous"
_SHOWN: Final = 20


@click.command()
@app_argument
@one_env_option
@click.option(
    "--to",
    "which",
    default=_PREVIOUS,
    show_default=True,
    metavar="DEPLOY",
    help="A deploy's id, its number (1 is the newest), or previous.",
)
@click.option(
    "--list", "only_list", is_flag=True, help="Only list what runs, and what can be gone back to."
)
@yes_option
@aws_options
@stacks_option
@steadfast
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
    shown, executed and verified as in any deploy. After a rollback, previous is what served before
    the version that was gone back to.
    """
    connection = opened(app, environment, root, profile=profile, local=local)
    aws, place = connection.aws, connection.place
    desk = Desk.at(connection, yes=yes)
    history = History(aws, place, desk.store, read_stack(aws, place.stack_name))
    if only_list:
        return _listed(history)
    if which == _PREVIOUS:
        choice = history.previous()
    else:
        choice = Choice(desk.store.read(place.app, place.environment, which), "")
    record = choice.record

    def deploy() -> Outcome:
        desk.terminal.say(f"going back to {record.id}, deployed by {short_who(record.who)}")
        warnings = tuple(flags(record, aws))
        version = revived(aws, place, record, connection.identity, warnings, why=choice.why)
        return desk.deploy(version)

    try:
        outcome = desk.ended(place, deploy)
    finally:
        desk.terminal.close()
    return told(outcome)


def _listed(history: History) -> int:
    place, now = history.place, history.now()
    entries = list(islice(history.earlier(now), _SHOWN))
    if now.differs and now.entry is not None:
        say(f"{place.stack_name} is not what its newest record, {now.entry.id}, says:")
        for one in now.differs:
            say(f"  {one}")
    elif not entries:
        before = "" if history.nothing_runs else " before the current one"
        say(f"{place.stack_name}: no deploy{before} is known to have served")
        return int(Exit.DONE)
    failed = [one for one in islice(history.since(now), _SHOWN) if not one.problem]
    lines = [line for one in failed for line in ("x " + entry_line(one), *_why(one))]
    if now.entry is not None and not now.differs:
        lines.append(f"* {entry_line(now.entry)}")
    lines += [f"  {entry_line(one)}" for one in entries]
    done = put("\n".join(lines))
    say("; ".join(_legend(history, now, failed)))
    return int(Exit.DONE if done else Exit.INTERNAL)


def _why(entry: Entry) -> list[str]:
    return [f"     {line}" for line in failure_lines(entry)]


def _legend(history: History, now: Current, failed: Sequence[Entry]) -> Iterator[str]:
    """What the signs mean, and what to type."""
    if history.nothing_runs:
        yield f"nothing runs: {history.nothing_runs}"
    elif not now.differs:
        yield "* runs now"
    if failed:
        yield "x was not kept"
    which = "one" if history.nothing_runs else "another"
    yield f"go back to {which}: {history.place.command('rollback')} --to ID"
