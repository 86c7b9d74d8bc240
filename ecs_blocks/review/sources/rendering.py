"""Apps rendered in this process, as one side of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.environment.by_tags import BY_TAGS, tags_text
from ecs_blocks.errors import EcsBlocksError, InputError, Problem
from ecs_blocks.review.side import RUNNING, Side
from ecs_blocks.review.sources.snapshot import Snapshot
from ecs_blocks.templates.origins import recorded
from ecs_blocks.templates.render import Project, render_app
from ecs_blocks.templates.text import to_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ecs_blocks.environment.loaded import Place
    from ecs_blocks.templates.render import RenderedApp, RenderedEnvironment

_MADE_OF: Final = {
    "Image": ("ImageTag", "ImageRepositoryUrl"),
    "FailureRuleState": ("AlarmsEnabled",),
}
"""Parameters that are made of keys, the one that says most first."""


def rendered(
    root: Path, name: str, apps: Sequence[str] = (), overrides: Mapping[str, str] | None = None
) -> Snapshot:
    """The *apps* of the folder *root*, or all; those that are not there are left out.

    *name* is what a person calls this side; *overrides* are the ``--set`` values.

    Raises:
        InputError: there is no such folder.
    """
    project = Project.open(root)
    known = project.apps()
    sides: dict[str, dict[str, Side]] = {}
    broken: dict[str, tuple[Problem, ...]] = {}
    keys: set[str] = set()
    for app in apps or known:
        if app not in known:
            continue
        try:
            with recorded(root) as lines:
                made = render_app(project, app, overrides or {})
            keys |= made.keys
            sides[app] = _sides(made, lines)
        except InputError as error:
            broken[app] = error.problems
        except EcsBlocksError as error:
            broken[app] = (Problem(f"{root.name}/{app}", 0, 0, "", str(error)),)
    return Snapshot(name=name, sides=sides, apps=tuple(known), keys=frozenset(keys), broken=broken)


def _sides(app: RenderedApp, lines: Mapping[str, str]) -> dict[str, Side]:
    sizes: dict[int, int] = {}  # mostly there is one template for all environments
    for one in app.environments:
        if id(one.template) not in sizes:
            sizes[id(one.template)] = len(to_yaml(one.template).encode())
    return {
        one.name: side_of(one, lines, sizes[id(one.template)], app.images)
        for one in app.environments
    }


def side_of(
    one: RenderedEnvironment,
    lines: Mapping[str, str],
    template_bytes: int,
    images: Mapping[str, str] | None = None,
) -> Side:
    """One environment of an app as a side.

    *lines* are where its resources come from, *images* where the repositories are written.
    """
    return Side(
        stack_name=one.stack_name,
        template=one.template,
        parameters=one.parameters,
        lookups={
            key: lookup_text(lookup.kind, lookup.named) for key, lookup in one.lookups.items()
        },
        pseudo=one.pseudo,
        tags=one.tags,
        places=_places(one.template, one.places),
        lines=lines,
        images=images or {},
        template_bytes=template_bytes,
    )


def _places(template: Mapping[str, Any], places: Mapping[str, Place]) -> dict[str, str]:
    found = {}
    for parameter in template.get("Parameters", {}):
        keys = (parameter, *_MADE_OF.get(parameter, ()))
        place = next((places[key] for key in keys if key in places), None)
        if place is not None:
            written = f"{place.file}:{place.line}" if place.line else place.file
            found[parameter] = f"follows {place.follows}, {written}" if place.follows else written
    return found


def lookup_text(kind: str, arguments: Mapping[str, str]) -> str:
    """What a deploy looks up, as a person writes it: ``!StackOutput cluster-prod.KeyArn``."""
    if kind == "RunningImage":
        return f"{RUNNING}{arguments.get('Repository', 'image')}"
    if kind in BY_TAGS:
        return f"!{kind} {tags_text(arguments)}"
    return f"!{kind} {'.'.join(arguments.values())}"
