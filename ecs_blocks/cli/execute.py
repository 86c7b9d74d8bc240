"""``ecs-blocks exec``: a shell in a running container, by ECS Exec.

The file is not called exec.py: its command would take the place of Python's own ``exec``.
"""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct, structs

from ecs_blocks.cli.aws_options import (
    access_of,
    app_argument,
    aws_options,
    one_env_option,
    opened_as_yourself,
)
from ecs_blocks.cli.foreign_command import ForeignCommand
from ecs_blocks.cli.options import stacks_option
from ecs_blocks.cli.steadfast import steadfast
from ecs_blocks.cli.streams import say
from ecs_blocks.cli.task_option import task_option
from ecs_blocks.deploy.ecs.names import last
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.execute import plugin
from ecs_blocks.deploy.execute.readiness import running, runtime_id
from ecs_blocks.deploy.execute.session import Entrance, begin
from ecs_blocks.deploy.execute.tasks import SHORT, Chosen, choose, taken
from ecs_blocks.deploy.one_off import containers
from ecs_blocks.deploy.one_off.service import (
    Service,
    chosen,
    read_definition,
    read_service,
    services_of,
)
from ecs_blocks.deploy.show.steady import is_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from ecs_blocks.cli.aws_options import Connection

SHELL: Final = ("/bin/sh",)
"""What runs where no command is given."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What the command line says: where, and the words of the command."""

    command: tuple[str, ...]
    service: str | None = None
    task: str | None = None
    container: str | None = None


@click.command("exec", cls=ForeignCommand)
@app_argument
@click.argument("command", nargs=-1, metavar="[-- COMMAND...]")
@one_env_option
@click.option("--service", metavar="ID", help="The service, by its logical id, if there are more.")
@task_option("The task; by default the newest that runs.")
@click.option(
    "--container",
    metavar="NAME",
    help="The container; by default the one behind the load balancer, or the first essential one.",
)
@aws_options
@stacks_option
@steadfast
def execute(  # noqa: PLR0917 - the command's own settings
    app: str,
    command: tuple[str, ...],
    environment: str,
    service: str | None,
    task: str | None,
    container: str | None,
    profile: str | None,
    root: Path,
    *,
    local: bool,
) -> int:
    """Open a shell in a running container of APP, or run COMMAND there, with ECS Exec.

    It needs a terminal, AWS's session-manager-plugin, and a service that has ECS Exec on. It acts
    as yourself, and not as RoleArn of platform.yaml. The exit code is the plugin's, which tells
    nothing of COMMAND's.
    """
    run = access_of(root, profile, local=local).command("run", app, "--env", environment)
    path = "" if local else _plugin(run)
    wanted = Wanted(command=command or SHELL, service=service, task=task, container=container)
    connection = opened_as_yourself(app, environment, root, profile=profile, local=local)
    return enter(connection, wanted, path)


def _plugin(run: str) -> str:
    """The path of the plugin. *run* is the command that needs no terminal.

    Raises:
        DeployError: nobody is there to type, or there is no plugin that is good enough.
    """
    if not is_terminal(sys.stdin):
        raise DeployError(
            Exit.INPUT,
            "stdin is no terminal, and ECS Exec knows only sessions that somebody types in",
            f"a task of its own needs none, and tells its exit code: {run} -- COMMAND",
        )
    return plugin.find()


def enter(connection: Connection, wanted: Wanted, path: str) -> int:
    """Find the container, let ECS begin the session, and give the terminal to the plugin.

    *path* is the plugin's, which is not needed on the imitation.

    Raises:
        DeployError: there is no such container, nobody gets into it, or AWS did not answer.
    """
    aws, place = connection.aws, connection.place
    service, task = _found(connection, wanted)
    name = containers.chosen(service, wanted.container)
    if place.access.local:
        from ecs_blocks.deploy.local.shell import refuse  # noqa: PLC0415 - rarely

        refuse(aws, running(service, task, name), wanted.command)
    entrance = Entrance(
        cluster=service.cluster,
        chosen=task,
        container=name,
        runtime_id=runtime_id(service, task, name, place),
        role=last(str(service.definition.get("taskRoleArn") or "")),
    )
    command = shlex.join(wanted.command)
    say(f"{command} in {name} of task {task.task_id[:SHORT]}, {service.revision}")
    return plugin.attend(path, begin(aws, place, entrance, command))


def _found(connection: Connection, wanted: Wanted) -> tuple[Service, Chosen]:
    """The task, and its service with the definition that the task has: it may be an older one.

    Raises:
        DeployError: there is none, or AWS did not answer.
    """
    aws, place, stack = connection.aws, connection.place, connection.stack()
    services = services_of(aws, stack.stack_id)
    name = chosen(services, wanted.service, stack.name)
    service = read_service(aws, stack.stack_id, name, services[name])
    task = choose(aws, place, service, wanted.task)
    if note := taken(task, place):
        say(note)
    if task.definition != service.definition.get("taskDefinitionArn"):
        definition = read_definition(aws, task.definition)
        service = structs.replace(service, definition=definition)
    return service, task
