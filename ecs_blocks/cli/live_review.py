"""``ecs-blocks review --base live``: the change against the stack as it is, and what AWS says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ecs_blocks.cli.aws_options import LOCAL, Connection
from ecs_blocks.cli.options import chosen_apps, chosen_environments
from ecs_blocks.cli.streams import say
from ecs_blocks.cli.targets import targets_of
from ecs_blocks.deploy.live.asking import tried
from ecs_blocks.deploy.live.history import Records
from ecs_blocks.deploy.live.reading import Reading
from ecs_blocks.deploy.live.sides import planned
from ecs_blocks.deploy.place import Access
from ecs_blocks.deploy.preflight.finding import Gap
from ecs_blocks.deploy.records.store import open_store
from ecs_blocks.review import digest
from ecs_blocks.review.judging import review_pairs
from ecs_blocks.review.reviewing import unread
from ecs_blocks.review.side import Pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.target import Target
    from ecs_blocks.review.model import Review
    from ecs_blocks.templates.render import Project


class Asked(Struct, frozen=True, kw_only=True):
    """What the command line says; ``detects`` looks for drift now."""

    apps: Sequence[str]
    environments: Sequence[str]
    overrides: Mapping[str, str]
    access: Access
    detects: bool


def live_review(project: Project, asked: Asked) -> tuple[Review, tuple[Pair, ...]]:
    """What becomes of every stack that runs, and the pairs that were judged.

    Raises:
        EcsBlocksError: an app or environment does not exist or has problems; the account is
            another one, or there are no credentials.
    """
    chosen_environments(project, asked.environments)
    names = chosen_apps(project, asked.apps)
    pairs: list[Pair] = []
    gaps = []
    for environment in dict.fromkeys(asked.environments):
        targets = targets_of(
            project,
            names,
            environment,
            asked.overrides,
            every=not asked.apps,
            access=asked.access,
        )
        for target, found in _read(project, targets, asked):
            if isinstance(found, Gap):
                pair = Pair(
                    app=target.app,
                    environment=environment,
                    before=None,
                    after=planned(target, {}),
                )
                gaps.append(
                    unread(pair, "the stack as it is cannot be read", (found.why,), "what changes")
                )
            else:
                pairs.append(found)
    what = f"what runs in {', '.join(dict.fromkeys(asked.environments))}"
    review = review_pairs(pairs, base=what, head="the work tree")
    stacks = tuple(sorted((*review.stacks, *gaps), key=lambda one: one.app))
    review = structs.replace(review, stacks=stacks, digest=digest.of_stacks(stacks))
    return review, tuple(pairs)


def _read(
    project: Project, targets: Mapping[str, Target], asked: Asked
) -> Iterator[tuple[Target, Pair | Gap]]:
    """The stacks of one environment, one after the other."""
    place = next(iter(targets.values())).place
    connection = Connection(project, place)
    aws, settings = connection.aws, connection.place.settings
    store = open_store(settings, aws, place.account_id, project.root.parent)
    local, settings_of = place.access.local, project.platform.deploy_settings
    for target in targets.values():
        records = {
            one: LOCAL.records if local else settings_of(one).records for one in target.others
        }
        here = structs.replace(target.place, settings=settings)
        reading = Reading(
            aws=aws,
            target=structs.replace(target, place=here),
            records=Records(
                store=store,
                beside=tuple(one for one, where in records.items() if where == settings.records),
                elsewhere=tuple(one for one, where in records.items() if where != settings.records),
            ),
            say=say,
            detects=asked.detects,
        )
        yield target, tried(reading.pair)
