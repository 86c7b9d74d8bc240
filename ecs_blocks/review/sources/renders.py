"""What a render has written (``build/``), read back as one side of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.environment.loaded import pseudo_parameters
from ecs_blocks.environment.nodes import Scalar
from ecs_blocks.errors import InputError, Problem
from ecs_blocks.naming import stack_name
from ecs_blocks.review.side import Side
from ecs_blocks.review.sources.fed import read_fed
from ecs_blocks.review.sources.snapshot import Snapshot
from ecs_blocks.templates.output import MARKER
from ecs_blocks.templates.read import read_template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ecs_blocks.environment.files import PlatformFile

_EXTENSIONS: Final = ("yaml", "json")
_DEPLOYMENT: Final = ".deployment.yaml"
_NO_PLATFORM: Final = (
    "a folder of renders tells neither accounts nor stack names, and there is no platform.yaml to "
    "take them from: what depends on them is compared as it is written"
)


def is_renders(folder: Path) -> bool:
    """Whether *folder* holds what a render writes: folders of apps, each with a template."""
    return any(is_one_render(one) for one in folder.iterdir() if one.is_dir())


def is_one_render(folder: Path) -> bool:
    """Whether *folder* is that of a single app."""
    return (folder / MARKER).is_file() or any(
        path.is_file() for ending in _EXTENSIONS for path in folder.glob(f"*template.{ending}")
    )


def read_renders(
    folder: Path, name: str, apps: Sequence[str], platform: PlatformFile | None
) -> Snapshot:
    """The renders of *apps* below *folder*, or all; *name* is what a person calls them.

    A render does not say in which account a stack is, nor its name: *platform* does.

    Raises:
        InputError: a file cannot be read, or does not hold what a render writes.
    """
    known = sorted(one.name for one in folder.iterdir() if one.is_dir() and is_one_render(one))
    problems: list[Problem] = []
    sides: dict[str, dict[str, Side]] = {}
    for app in known:
        if apps and app not in apps:
            continue
        try:
            sides[app] = _read_app(folder / app, app, platform)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    notes = () if platform is not None else (_NO_PLATFORM,)
    return Snapshot(name=name, sides=sides, apps=tuple(known), notes=notes)


def _read_app(folder: Path, app: str, platform: PlatformFile | None) -> dict[str, Side]:
    shared = _template(folder, "template")
    found: dict[str, Side] = {}
    for path in sorted(folder.iterdir()):
        environment = path.name.removesuffix(_DEPLOYMENT).removesuffix(".json")
        if environment in {path.name, "template"} or environment.endswith(".template"):
            continue
        template = shared or _template(folder, f"{environment}.template")
        if template is None:
            message = f"there is no template beside it, neither template.yaml nor {environment}.…"
            raise InputError([Problem(str(path), 0, 0, "", message)])
        found[environment] = _side(path, template, *_identity(platform, app, environment))
    return found


def _template(folder: Path, stem: str) -> tuple[dict[str, Any], int] | None:
    for ending in _EXTENSIONS:
        path = folder / f"{stem}.{ending}"
        if path.is_file():
            return read_template(path), path.stat().st_size
    return None


def _side(
    path: Path, template: tuple[dict[str, Any], int], name: str, pseudo: Mapping[str, str]
) -> Side:
    fed = read_fed(path)
    return Side(
        stack_name=name,
        template=template[0],
        parameters=fed.parameters,
        lookups=fed.lookups,
        pseudo=pseudo,
        tags=fed.tags,
        template_bytes=template[1],
    )


def _identity(
    platform: PlatformFile | None, app: str, environment: str
) -> tuple[str, dict[str, str]]:
    """The name of a stack and its pseudo parameters, as far as platform.yaml writes them out."""
    if platform is None:
        return f"{app}-{environment}", {}
    name = stack_name(platform.stack_name, app=app, environment=environment)
    account, region = (_written(platform, environment, key) for key in ("AccountId", "Region"))
    return name, pseudo_parameters(account, region, name) if account and region else {}


def _written(platform: PlatformFile, environment: str, key: str) -> str:
    for section in (platform.environments.get(environment), platform.default):
        node = section.values.get(key) if section and section.values else None
        if isinstance(node, Scalar):
            return node.text
    return ""
