"""Where a stack is: account, region and name, from platform.yaml alone.

An app whose files are broken can still be watched, cancelled and deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from ecs_blocks.environment.declare import Environment
from ecs_blocks.environment.deploy_settings import DeploySettings
from ecs_blocks.environment.files import AppFile, Section
from ecs_blocks.environment.load import load
from ecs_blocks.errors import InputError

if TYPE_CHECKING:
    from ecs_blocks.templates.render import Project


class Place(Struct, frozen=True):
    """One app's stack in one environment. ``pseudo`` are the pseudo parameters (AWS::Region)."""

    app: str
    environment: str
    stack_name: str
    account_id: str
    region: str
    settings: DeploySettings
    pseudo: Mapping[str, str]

    def command(self, verb: str) -> str:
        """What to type for *verb* on this stack."""
        return f"ecs-blocks {verb} {self.app} --env {self.environment}"


def place_of(project: Project, app: str, environment: str) -> Place:
    """The place of *app* in *environment*, which platform.yaml knows.

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
    )
