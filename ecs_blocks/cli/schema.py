"""``ecs-blocks schema``: what an editor needs to complete and check environment.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ecs_blocks.cli.options import chosen_apps, stacks_option
from ecs_blocks.environment.declare import fields_of
from ecs_blocks.environment.schema import schema_of
from ecs_blocks.errors import InputError
from ecs_blocks.templates.render import Project
from ecs_blocks.templates.script import load_script
from ecs_blocks.templates.text import to_json

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("app")
@stacks_option
def schema(app: str, root: Path) -> None:
    """Print the JSON Schema of APP's environment.yaml.

    In VS Code's YAML extension: a first line
    "# yaml-language-server: $schema=environment.schema.json".
    """
    project = Project.open(root.absolute())
    if project.problems:
        raise InputError(project.problems)
    [name] = chosen_apps(project, [app])
    script = load_script(project.root / name / "stack.py", f"{project.root.name}/{name}/stack.py")
    platform = project.platform
    given = {
        key.text
        for section in (platform.default, *platform.environments.values())
        if section is not None and section.values is not None
        for key, _ in section.values.pairs
    }
    click.echo(
        to_json(
            schema_of(
                name,
                fields_of(script.environment),
                environments=platform.environments,
                locked=platform.locked,
                given=frozenset(given),
            )
        ),
        nl=False,
    )
