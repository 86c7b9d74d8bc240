"""The apps that a command names, rendered: each with the stack that it is in an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.cli.options import undeclared
from ecs_blocks.deploy.place import place_of
from ecs_blocks.deploy.target import Target
from ecs_blocks.errors import InputError, Problem
from ecs_blocks.templates.origins import recorded
from ecs_blocks.templates.render import render_app
from ecs_blocks.templates.text import to_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ecs_blocks.deploy.place import Access
    from ecs_blocks.templates.render import Project, RenderedApp


def targets_of(
    project: Project,
    names: Iterable[str],
    environment: str,
    overrides: Mapping[str, str],
    *,
    every: bool,
    access: Access,
) -> dict[str, Target]:
    """The stacks of the apps *names* in *environment*, by stack name.

    With *every*, an app that does not have the environment is left out. *access* is how the user
    came to AWS.

    Raises:
        InputError: with the problems of all.
    """
    apps = _rendered(project, names, overrides)
    found: dict[str, Target] = {}
    problems = []
    for app, lines in apps:
        own = next((one for one in app.environments if one.name == environment), None)
        if own is None:
            if not every:
                known = ", ".join(one.name for one in app.environments)
                file = f"{project.root.name}/{app.app}/environment.yaml"
                message = f"has no environment {environment}; it has {known}"
                problems.append(Problem(file, 0, 0, "parameters", message))
            continue
        place = place_of(project, app.app, environment, access)
        text, others = to_yaml(own.template), [one.name for one in app.environments]
        others.remove(environment)
        found[own.stack_name] = Target(place, own, text, lines=lines, others=tuple(others))
    if not found and not problems:
        message = f"no app has the environment {environment}"
        problems.append(Problem(project.root.name, 0, 0, "", message))
    _refuse(problems)
    return found


def _rendered(
    project: Project, names: Iterable[str], overrides: Mapping[str, str]
) -> list[tuple[RenderedApp, dict[str, str]]]:
    """Each app, and where its resources come from."""
    found: list[tuple[RenderedApp, dict[str, str]]] = []
    problems: list[Problem] = []
    for name in names:
        try:
            with recorded(project.root) as lines:
                found.append((render_app(project, name, overrides), lines))
        except InputError as error:
            problems += error.problems
    keys = frozenset[str]().union(*(app.keys for app, _ in found))
    if not problems:
        problems += undeclared(dict(overrides), keys)
    _refuse(problems)
    return found


def _refuse(problems: list[Problem]) -> None:
    if problems:
        refusal = InputError(problems)
        refusal.closing = "nothing was deployed"
        raise refusal
