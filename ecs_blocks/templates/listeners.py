"""What an app's rendered template claims on listeners that other stacks use too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ecs_blocks.priorities.bands import band_of
from ecs_blocks.priorities.claims import Claim, claims_of, has_guests
from ecs_blocks.priorities.lock import pending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.priorities.lock import Lock
    from ecs_blocks.templates.render import Project, RenderedApp, RenderedEnvironment


def claims(project: Project, app: RenderedApp) -> Iterator[Claim]:
    """The rules of *app* on shared listeners, in every environment."""
    file = f"{project.root.name}/{app.app}/stack.py"
    for one in app.environments:
        if not has_guests(one.template):
            continue  # most have none; to resolve a template takes a while
        account = f"{one.pseudo['AWS::AccountId']} {one.pseudo['AWS::Region']}"
        lookups = {key: lookup.to_json() for key, lookup in one.lookups.items()}
        for claim in claims_of(
            app.app, file, one.name, one.template, one.resolved(), lookups, account
        ):
            yield _placed(claim, one, project.priorities)


def _placed(claim: Claim, one: RenderedEnvironment, lock: Lock | None) -> Claim:
    """*claim*, with the place that its number comes from: the lock file, or environment.yaml."""
    match one.template["Resources"][claim.rule]["Properties"].get("Priority"):
        case int() as number if lock is not None:
            return structs.replace(claim, locked=lock.place(claim.key, number))
        case {"Ref": str() as key} if key in one.places:
            place = one.places[key]
            typed = (place.file, place.line, place.column, place.where)
            return structs.replace(claim, typed=typed)
    return claim


def bands(app: RenderedApp) -> dict[tuple[str, str], range]:
    """The numbers that fit each rule of *app* that waits for one."""
    return {
        (app.app, rule): band_of(properties["Conditions"])
        for one in app.environments
        for rule, properties in pending(one.template)
    }
