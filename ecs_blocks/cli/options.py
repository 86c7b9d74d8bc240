"""Options that more than one verb takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ecs_blocks.environment.files import ALWAYS_LOCKED
from ecs_blocks.environment.load import SET
from ecs_blocks.errors import InputError, Problem
from ecs_blocks.naming import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ecs_blocks.environment.files import PlatformFile
    from ecs_blocks.templates.render import Project

STACKS: Final = "stacks"


def apps_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """APP…: none is all."""
    return click.argument("apps", nargs=-1, metavar="[APP]...")(command)


def stacks_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--stacks DIR``, the folder of apps."""
    return click.option(
        "--stacks",
        "root",
        type=click.Path(path_type=Path),
        default=STACKS,
        callback=_found_upward,
        show_default=True,
        help="The folder that holds the apps and platform.yaml; looked for upward, as git does.",
    )(command)


def _found_upward(ctx: click.Context, parameter: click.Parameter, root: Path) -> Path:
    """Where nobody named it: the nearest stacks/ of this folder and those above."""
    if not by_default(ctx, parameter.name or "") or root.is_dir():
        return root
    above = (folder / root for folder in Path.cwd().parents)
    return next((found for found in above if (found / "platform.yaml").is_file()), root)


def by_default(ctx: click.Context, name: str) -> bool:
    """Whether nobody gave the parameter *name*."""
    return ctx.get_parameter_source(name) is click.core.ParameterSource.DEFAULT


def env_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--env ENV…``."""
    return click.option(
        "--env",
        "environments",
        multiple=True,
        metavar="ENV",
        help="Write only these environments' files; all are checked anyway. May be repeated.",
    )(command)


def set_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--set Key=value…``."""
    return click.option(
        SET,
        "overrides",
        multiple=True,
        metavar="Key=value",
        help="A value over what the files say, where an app declares the key. May be repeated.",
    )(command)


def chosen_apps(project: Project, names: Sequence[str]) -> list[str]:
    """The apps *names*, or all there are.

    Raises:
        InputError: one of them does not exist, or there is none at all.
    """
    if not names:
        apps = project.apps()
        if not apps:
            message = "there is no app: a folder with stack.py and environment.yaml"
            raise InputError([Problem(str(project.root), 0, 0, "", message)])
        return apps
    problems = []
    names = [name.rstrip("/") for name in names]  # as the shell completes a folder
    for name in names:
        if "/" in name or name.startswith(".") or not (project.root / name).is_dir():
            known = project.apps()
            way = nearest(name, known) or f"; there are: {', '.join(known)}"
            problems.append(Problem(project.root.name, 0, 0, name, f"no such app{way}"))
    if problems:
        raise InputError(problems)
    return list(dict.fromkeys(names))


def chosen_environments(project: Project, names: Sequence[str]) -> frozenset[str]:
    """The environments *names*; empty means all.

    Raises:
        InputError: platform.yaml does not know one of them.
    """
    known = project.platform.environments
    problems = []
    for name in names:
        if known and name not in known:
            way = nearest(name, known) or f"; there are: {', '.join(known)}"
            message = f"no such environment in {project.platform.file}{way}"
            problems.append(Problem("--env", 0, 0, name, message))
    if problems:
        raise InputError(problems)
    return frozenset(names)


def parsed_overrides(pairs: Sequence[str]) -> dict[str, str]:
    """``Key=value`` words as a mapping.

    Raises:
        InputError: a word has no ``=``, or a key comes twice.
    """
    found: dict[str, str] = {}
    problems = []
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            problems.append(Problem(SET, 0, 0, "", "expected Key=value, like ImageTag=1.8.2"))
        elif key in found:
            problems.append(Problem(SET, 0, 0, key, "given twice"))
        else:
            found[key] = value
    if problems:
        raise InputError(problems)
    return found


def undeclared(overrides: dict[str, str], keys: frozenset[str]) -> list[Problem]:
    """The ``--set`` keys that no app declares."""
    return [
        Problem(SET, 0, 0, key, f"no app declares this key{nearest(key, keys)}")
        for key in overrides
        if key not in keys
    ]


def undeclared_by_platform(platform: PlatformFile, keys: frozenset[str]) -> list[Problem]:
    """The keys of platform.yaml that no app of the repository declares: misspelt, most likely."""
    problems = []
    for section in (platform.default, *platform.environments.values()):
        if section is None or section.values is None:
            continue
        for key, _ in section.values.pairs:
            if key.text not in keys:
                message = f"no app declares this key{nearest(key.text, keys)}"
                problems.append(section.problem(key, key.text, message))
    for name in sorted(platform.locked - keys - ALWAYS_LOCKED):
        message = f"locks {name}, which no app declares{nearest(name, keys)}"
        problems.append(Problem(platform.file, 0, 0, "locked", message))
    return problems
