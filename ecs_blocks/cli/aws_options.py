"""Options and first steps of the verbs that talk to AWS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec import structs

from ecs_blocks.cli.options import STACKS, chosen_apps, chosen_environments
from ecs_blocks.cli.streams import say
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.place import Access, Place, place_of
from ecs_blocks.environment.deploy_settings import DeploySettings
from ecs_blocks.templates.render import Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecs_blocks.deploy.aws import Aws, Identity
    from ecs_blocks.deploy.clock import Clock
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.ending import Outcome


def app_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """APP, exactly one."""
    return click.argument("app")(command)


def one_env_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--env ENV``, needed."""
    return click.option(
        "--env", "environment", required=True, metavar="ENV", help="The environment."
    )(command)


def aws_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--profile NAME`` and ``--local``."""
    local = click.option(
        "--local",
        is_flag=True,
        help="Against an imitation of AWS on this machine (MiniStack); no account is needed.",
    )
    profile = click.option(
        "--profile", metavar="NAME", help="The profile of your AWS configuration to use."
    )
    return local(profile(command))


def yes_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--yes``."""
    return click.option("--yes", is_flag=True, help="Agree to what is shown; ask nothing.")(command)


LOCAL: Final = DeploySettings(records=".ecs-blocks/local/records")
"""Of deploys to this machine: no role is there, and nothing goes among the records of AWS."""


class Connection:
    """A place, and AWS there: the account is compared before anything else is asked.

    ``login`` is what to do where it is another; by default a RoleArn is said to help too.
    """

    def __init__(
        self, project: Project, place: Place, clock: Clock | None = None, login: str = ""
    ) -> None:
        self.place = structs.replace(place, settings=LOCAL) if place.access.local else place
        self.project = project
        self.aws: Aws = connect(project, place, clock)
        self.identity: Identity = self.aws.guard(place.account_id, place.environment, login)

    def stack(self) -> Stack:
        """The stack of the place.

        Raises:
            DeployError: there is none.
        """
        from ecs_blocks.deploy.cloudformation.stack import read_stack  # noqa: PLC0415 - options need no boto3

        found = read_stack(self.aws, self.place.stack_name)
        if found is None:
            raise DeployError(
                Exit.INPUT,
                f"there is no stack {self.place.stack_name} in account {self.place.account_id}, "
                f"{self.place.region}",
                f"deploy it: {self.place.command('deploy')}",
            )
        return found


def connect(project: Project, place: Place, clock: Clock | None) -> Aws:
    """AWS for *place*, or the imitation on this machine, started if need be."""
    if place.access.local:
        from ecs_blocks.deploy.local.server import connect_local  # noqa: PLC0415 - rarely needed

        return connect_local(project, place, clock=clock)
    from ecs_blocks.deploy.aws import Aws  # noqa: PLC0415 - options need no boto3

    profile, role_arn = place.access.profile or None, place.settings.role_arn
    return Aws(place.region, profile=profile, role_arn=role_arn, clock=clock)


def access_of(root: Path, profile: str | None, *, local: bool) -> Access:
    """What this command was given of what every other one needs as well."""
    stacks = "" if root == Path(STACKS) else str(root)
    return Access(profile=profile or "", stacks=stacks, local=local)


def opened(
    app: str, environment: str, root: Path, *, profile: str | None, local: bool
) -> Connection:
    """The connection to one app's stack.

    Raises:
        EcsBlocksError: app or environment do not exist, or the account is another.
    """
    return Connection(*_found(app, environment, access_of(root, profile, local=local), root))


def opened_as_yourself(
    app: str, environment: str, root: Path, *, profile: str | None, local: bool
) -> Connection:
    """As ``opened``, with the caller's own credentials, and not those of ``RoleArn``.

    Raises:
        EcsBlocksError: as ``opened``; the caller's own account counts.
    """
    access = access_of(root, profile, local=local)
    project, place = _found(app, environment, access, root)
    role = place.settings.role_arn
    instead = f" and not as RoleArn {role}" if role else ""
    settings = structs.replace(place.settings, role_arn=None)
    return Connection(
        project,
        structs.replace(place, settings=settings),
        login=f"exec acts as yourself{instead}: log in to account {place.account_id} (--profile)",
    )


def _found(app: str, environment: str, access: Access, root: Path) -> tuple[Project, Place]:
    project = Project.open(root.absolute())
    chosen_environments(project, [environment])
    [name] = chosen_apps(project, [app])
    return project, place_of(project, name, environment, access)


def told(outcome: Outcome) -> int:
    """Say how it ended, on stderr; the exit code."""
    from ecs_blocks.deploy.show.ending_text import ending_lines  # noqa: PLC0415 - only at the end

    for line in ending_lines(outcome):
        say(line)
    return int(outcome.code)
