"""``ecs-blocks run``: a command, once, in the settings of a service.

The file is not called run.py: that module would take the place of ``ecs_blocks.cli.run``.
"""

from __future__ import annotations

import os
import sys
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct

from ecs_blocks.cli.aws_options import app_argument, aws_options, one_env_option, opened
from ecs_blocks.cli.foreign_command import ForeignCommand
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.cli.steadfast import steadfast_with
from ecs_blocks.cli.streams import say
from ecs_blocks.deploy.ecs import facts
from ecs_blocks.deploy.one_off import containers
from ecs_blocks.deploy.one_off.follow import End, Followed, Following, Wish, follow
from ecs_blocks.deploy.one_off.request import Job
from ecs_blocks.deploy.one_off.revision import deregister, register
from ecs_blocks.deploy.one_off.service import chosen, read_definition, read_service, services_of
from ecs_blocks.deploy.one_off.start import start
from ecs_blocks.deploy.one_off.variables import parse_variables, refuse_secrets
from ecs_blocks.deploy.show.presenter import is_ci
from ecs_blocks.deploy.show.safe_text import clean_lines, spelled
from ecs_blocks.deploy.show.steady import is_terminal, steady
from ecs_blocks.errors import Terminated

if TYPE_CHECKING:
    from ecs_blocks.cli.aws_options import Connection
    from ecs_blocks.deploy.one_off.service import Service

FAILED: Final = 125
"""What the verb itself fails with, as ``docker run`` does: every other code is the container's."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What the command line says of a task."""

    command: tuple[str, ...]
    service: str | None = None
    container: str | None = None
    image: str | None = None
    variables: dict[str, str] = {}
    timeout_min: int = 60
    detach: bool = False


class _Misuse(click.UsageError):
    """Whatever is wrong with the command line is a failure of the verb too."""

    exit_code = FAILED


class _Command(ForeignCommand):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _Misuse(error.format_message(), ctx=error.ctx) from error


@click.command("run", cls=_Command)
@app_argument
@click.argument("command", nargs=-1, required=True, metavar="-- COMMAND...")
@one_env_option
@click.option("--service", metavar="ID", help="The service, by its logical id, if there are more.")
@click.option(
    "--container",
    metavar="NAME",
    help="The container; by default the one behind the load balancer, or the first essential one.",
)
@click.option(
    "--image", metavar="TAG", help="Another tag or digest (sha256:…) of the container's image."
)
@click.option(
    "--set-env",
    "variables",
    multiple=True,
    metavar="NAME=value",
    help="A variable for this task; never a secret. May be repeated.",
)
@click.option(
    "--timeout",
    "timeout_min",
    type=click.IntRange(1, 1440),
    default=60,
    show_default=True,
    metavar="MINUTES",
    help="Stop the task after so long; with --detach nobody is there to do so.",
)
@click.option("--detach", is_flag=True, help="Only start it, and print the task's id.")
@aws_options
@stacks_option
@steadfast_with(FAILED)
def run_task(  # noqa: PLR0917 - the command's own settings
    app: str,
    command: tuple[str, ...],
    environment: str,
    service: str | None,
    container: str | None,
    image: str | None,
    variables: tuple[str, ...],
    timeout_min: int,
    profile: str | None,
    root: Path,
    *,
    detach: bool,
    local: bool,
) -> int:
    """Run COMMAND once, as a task with all the settings of a service of APP.

    Waits for its end, prints what the container writes, and exits with its code. 125 is a failure
    of this command itself. Ctrl-C asks whether to stop the task or to leave it alone.
    """
    wanted = Wanted(
        command=command,
        service=service,
        container=container,
        image=image,
        variables=parse_variables(variables),
        timeout_min=timeout_min,
        detach=detach,
    )
    connection = opened(app, environment, root, profile=profile, local=local)
    return run_once(connection, wanted)


def run_once(connection: Connection, wanted: Wanted) -> int:
    """Start the task and follow it; the exit code.

    Raises:
        DeployError: it could not be started, or it is not known how it ended.
    """
    service, container = _chosen(connection, wanted)
    own = _own_revision(connection, service, container, wanted.image)
    try:
        following = _started(connection, service, container, own, wanted)
        logs = f"{connection.place.command('logs')} --task {following.task_id} --follow"
        if wanted.detach:
            click.echo(following.task_id)
            say(f"its log: {logs}")
            return 0
        screen = _Screen()
        followed = follow(connection.aws, following, screen)
    finally:
        left = deregister(connection.aws, own) if own else ""
        if left:
            say(left)
    screen.close()
    return _ended(followed, container, wanted, logs)


def _chosen(connection: Connection, wanted: Wanted) -> tuple[Service, str]:
    """The service whose settings the task gets, and the container that runs the command.

    Raises:
        DeployError: there is none, or nothing can run in it.
    """
    aws, stack = connection.aws, connection.stack()
    services = services_of(aws, stack.stack_id)
    name = chosen(services, wanted.service, stack.name)
    service = read_service(aws, stack.stack_id, name, services[name])
    container = containers.chosen(service, wanted.container)
    refuse_secrets(service.definition, container, list(wanted.variables))
    for note in service.notes:
        say(note)
    if not containers.is_essential(service.definition, container):
        say(
            f"{container} is not essential in {service.revision}: the task would go on without it, "
            "so it is stopped when it ends"
        )
    if connection.place.access.local:
        from ecs_blocks.deploy.local.registry import refuse_stand_in  # noqa: PLC0415 - rarely

        refuse_stand_in(aws, _image(service, container, wanted.image), f"{stack.name}: {container}")
    return service, container


def _started(
    connection: Connection, service: Service, container: str, own: str, wanted: Wanted
) -> Following:
    """Start the task, in the revision *own* or else the service's; what to follow."""
    job = Job(
        service=service,
        definition=own or str(service.definition["taskDefinitionArn"]),
        container=container,
        command=wanted.command,
        variables=wanted.variables,
        started_by="ecs-blocks-run",
        token=uuid.uuid4().hex,
    )
    return Following(
        cluster=service.cluster,
        task_arn=str(start(connection.aws, job)["taskArn"]),
        container=container,
        definition=read_definition(connection.aws, own) if own else service.definition,
        timeout_s=wanted.timeout_min * 60.0,
    )


def _own_revision(
    connection: Connection, service: Service, container: str, version: str | None
) -> str:
    """The ARN of a revision with another image; empty where the service's own will do."""
    if version is None:
        return ""
    image = _image(service, container, version)
    running = facts.container(service.definition, container)
    return register(connection.aws, service.definition, {**running, "image": image})


def _image(service: Service, container: str, version: str | None) -> str:
    """What the container runs, or another *version* of it."""
    running = containers.image_of(service.definition, container)
    return running if version is None else containers.with_version(running, version)


def _ended(followed: Followed, container: str, wanted: Wanted, logs: str) -> int:
    """Say how it ended; the exit code."""
    task = f"task {followed.task_id}"
    code = followed.exit_code
    if followed.end in (End.DETACHED, End.TERMINATED):
        say(f"{task} goes on; its log: {logs}")
        return 130 if followed.end is End.DETACHED else 143
    if followed.end is End.TIMEOUT:
        done = "was stopped" if followed.failure or code is not None else "may go on"
        say(f"{task} took longer than {wanted.timeout_min} minutes and {done}")
        return FAILED
    failure, told = followed.failure, f"{container} exited {code}"
    if failure is not None and failure.summary != told:
        where = "" if failure.container in ("", container) else f"{failure.container}: "
        say(f"{task}: {where}{failure.summary}")
        if failure.hint:
            say(f"  {failure.hint}")
    if code is None:
        say(f"{container} never ran")
        return 130 if followed.end is End.STOPPED else FAILED
    say(told)
    return code if 0 <= code <= 255 else 1


class _Screen:
    """The container's lines on stdout, everything else on stderr.

    A pipe that is closed must not end the task's following: its code is what counts.
    """

    def __init__(self) -> None:
        self._out = steady(sys.stdout)
        self._is_read = is_terminal(sys.stdout) or is_ci(os.environ)

    def line(self, text: str) -> None:
        """Show a line of the container; nothing in it may steer a terminal or a CI server."""
        for one in clean_lines(text) or [""] if self._is_read else [text]:
            self._out.write(f"{spelled(one, self._out.encoding)}\n")
        self._out.flush()

    def say(self, text: str) -> None:
        """Say something about the task."""
        say(text)

    def interrupted(self, stop: KeyboardInterrupt) -> Wish:
        """Ask; where nobody is, and for SIGTERM, the task goes on alone."""
        if isinstance(stop, Terminated) or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return Wish.DETACH
        try:
            answer = click.prompt(
                "Ctrl-C: [d]etach, the task goes on in AWS; [s]top the task; [w]atch on",
                type=click.Choice(["d", "s", "w"]),
                default="d",
                show_choices=False,
                err=True,
            )
        except (click.Abort, KeyboardInterrupt):
            return Wish.DETACH
        return {"d": Wish.DETACH, "s": Wish.STOP, "w": Wish.WATCH}[answer]

    def close(self) -> None:
        """Let what could not be written not be tried once more when the process ends."""
        if not getattr(self._out, "is_lost", False):
            return
        with suppress(OSError, ValueError), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
