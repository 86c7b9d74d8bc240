"""Where a stack is: account, region and name, from platform.yaml alone; and what to type for it.

An app whose files are broken can still be watched, cancelled and deleted. Every command that is
suggested anywhere is made here, so that it works as it stands.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ecs_blocks.environment.declare import Environment
from ecs_blocks.environment.deploy_settings import DeploySettings
from ecs_blocks.environment.files import AppFile, Section
from ecs_blocks.environment.load import load
from ecs_blocks.errors import InputError

if TYPE_CHECKING:
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.templates.render import Project

PROGRAM: Final = "ecs-blocks"


class Access(Struct, frozen=True, kw_only=True):
    """How the user came to AWS: options of this command that the next one needs as well.

    ``stacks`` is the folder of apps as it was typed, empty for the default.
    """

    profile: str = ""
    stacks: str = ""
    local: bool = False

    def command(self, *words: str) -> str:
        """What to type: ``ecs-blocks`` with *words* and these options."""
        options = ["--profile", self.profile] if self.profile else []
        options += ["--stacks", self.stacks] if self.stacks else []
        options += ["--local"] if self.local and words[:1] != ("local",) else []
        return shlex.join([PROGRAM, *words, *options])

    def aws_command(self, aws: Aws, account_id: str, words: str, region: str = "") -> str:
        """What to type for *words* of AWS's own command line, in the region of *aws* or another."""
        whole = f"aws {words} --region {region or aws.region}"
        if self.local:
            who = f"AWS_ACCESS_KEY_ID={account_id} AWS_SECRET_ACCESS_KEY=local"
            return f"{who} {whole} --endpoint-url {aws.endpoint_url}"
        return f"{whole} --profile {shlex.quote(self.profile)}" if self.profile else whole


_PLAIN: Final = Access()


class Place(Struct, frozen=True):
    """One app's stack in one environment. ``pseudo`` are the pseudo parameters (AWS::Region)."""

    app: str
    environment: str
    stack_name: str
    account_id: str
    region: str
    settings: DeploySettings
    pseudo: Mapping[str, str]
    access: Access = _PLAIN

    @property
    def names(self) -> frozenset[str]:
        """What everybody knows of it, and what commands are made of."""
        return frozenset({self.app, self.environment, self.region, self.stack_name})

    def command(self, verb: str, *options: str, app: str = "") -> str:
        """What to type for *verb* on this stack, or on that of another *app* beside it."""
        return self.access.command(verb, app or self.app, "--env", self.environment, *options)

    def advice(self, text: str) -> str:
        """*text*, in which ``{delete}`` stands for the command of that verb on this stack."""
        return text.format_map(_Commands(self))

    def aws_command(self, aws: Aws, words: str) -> str:
        """What to type for *words* of AWS's own command line, in this account and region."""
        return self.access.aws_command(aws, self.account_id, words)


class _Commands(dict[str, str]):
    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def __missing__(self, verb: str) -> str:
        return self._place.command(verb)


def place_of(project: Project, app: str, environment: str, access: Access = _PLAIN) -> Place:
    """The place of *app* in *environment*, which platform.yaml knows, come to by *access*.

    Raises:
        InputError: platform.yaml does not give the environment an account and a region.
    """
    if project.problems:
        raise InputError(project.problems)
    platform = project.platform
    section = platform.environments[environment]
    only = Section(section.file, section.where, section.at, None)
    source = AppFile(app, platform.file, None, {environment: only}, ())
    found, problems = load(Environment, source, platform, {})
    if problems:
        raise InputError(problems)
    loaded = found[environment]
    return Place(
        app=app,
        environment=environment,
        stack_name=loaded.stack_name,
        account_id=loaded.pseudo["AWS::AccountId"],
        region=loaded.pseudo["AWS::Region"],
        settings=platform.deploy_settings(environment),
        pseudo=loaded.pseudo,
        access=access,
    )
