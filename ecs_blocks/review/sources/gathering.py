"""Both sides of a review of apps: found, rendered at the same time, put beside each other."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from ecs_blocks.errors import InputError, Problem
from ecs_blocks.naming import nearest
from ecs_blocks.review.side import Pair
from ecs_blocks.review.sources.aside import rendered_aside
from ecs_blocks.review.sources.naming import Apps, Renders, named
from ecs_blocks.review.sources.rendering import rendered
from ecs_blocks.review.sources.renders import read_renders
from ecs_blocks.review.sources.revisions import (
    Revision,
    asked_version,
    default_base,
    export,
)
from ecs_blocks.review.sources.snapshot import Snapshot
from ecs_blocks.templates.render import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ecs_blocks.environment.files import PlatformFile
    from ecs_blocks.review.side import Side
    from ecs_blocks.review.sources.naming import Named

BASE: Final = "--base"
HEAD: Final = "--head"
WORK_TREE: Final = "the work tree"


class Wanted(Struct, frozen=True, kw_only=True):
    """What is to be reviewed.

    ``root`` is the folder of apps; ``apps`` and ``environments`` are all where they are empty;
    ``base`` and ``head`` are as somebody typed them, None for what is taken then; ``overrides`` are
    the ``--set`` values, of the head only; ``version`` is that of ecs_blocks.
    """

    root: Path
    apps: tuple[str, ...] = ()
    environments: frozenset[str] = frozenset()
    base: str | None = None
    head: str | None = None
    overrides: Mapping[str, str]
    version: str


def gather(wanted: Wanted) -> tuple[Snapshot, Snapshot]:
    """The stacks before and after.

    Raises:
        InputError: a side cannot be found, an app exists on neither, or the head has problems.
    """
    base: Named = (
        default_base(wanted.root.parent, BASE)
        if wanted.base is None
        else named(wanted.base, wanted.root, BASE)
    )
    head = _head(wanted)
    with _aside(base, wanted) as before:
        after = _here(head, wanted)
        snapshots = before(), after
    _refuse(*snapshots, wanted)
    return snapshots


def gather_head(wanted: Wanted) -> Snapshot:
    """The stacks after, alone.

    Raises:
        InputError: the side cannot be found or has problems, an app does not exist.
    """
    after = _here(_head(wanted), wanted)
    _refuse(Snapshot(name=""), after, wanted)
    return after


def pairs(before: Snapshot, after: Snapshot, only: frozenset[str]) -> tuple[Pair, ...]:
    """The same stack on both sides, by app and environment; those of the environments *only*.

    An app that one side cannot render is left out: nothing can be said about it.
    """
    found = []
    apps = sorted({*before.sides, *after.sides} - {*before.broken, *after.broken})
    for app in apps:
        old, new = before.environments(app), after.environments(app)
        for environment in dict.fromkeys([*new, *old]):
            if not only or environment in only:
                one, other = _alike(old.get(environment), new.get(environment))
                found.append(Pair(app=app, environment=environment, before=one, after=other))
    return tuple(found)


def _alike(before: Side | None, after: Side | None) -> tuple[Side | None, Side | None]:
    """Both with what only one knows: a name or an account that is unknown is no difference."""
    if before is None or after is None:
        return before, after
    if not before.pseudo:
        before = structs.replace(before, pseudo=after.pseudo, stack_name=after.stack_name)
    if not after.pseudo:
        after = structs.replace(after, pseudo=before.pseudo, stack_name=before.stack_name)
    return before, after


def _head(wanted: Wanted) -> Named:
    if wanted.head is None:
        return Apps(wanted.root, WORK_TREE)
    head = named(wanted.head, wanted.root, HEAD)
    if wanted.overrides and not isinstance(head, Apps):
        message = "it changes what is rendered now, which the head is not; leave one of them out"
        raise InputError([Problem("--set", 0, 0, "", message)])
    return head


@contextmanager
def _aside(base: Named, wanted: Wanted) -> Iterator[Callable[[], Snapshot]]:
    """The base, which is rendered while the head is."""
    match base:
        case Revision():
            with _checked_out(base, wanted) as (root, notes):
                if root is None:
                    yield lambda: Snapshot(name=base.name, notes=notes)
                    return
                with rendered_aside(root, base.name, wanted.apps) as wait:
                    yield lambda: structs.replace(wait(), notes=notes)
        case Apps():
            with rendered_aside(base.root, base.name, wanted.apps) as wait:
                yield wait
        case Renders():
            read = read_renders(base.folder, base.name, wanted.apps, _platform(wanted.root))
            yield lambda: read


def _here(head: Named, wanted: Wanted) -> Snapshot:
    match head:
        case Revision():
            with _checked_out(head, wanted) as (root, _):
                if root is None:
                    message = f"there is no {wanted.root.name}/ in this revision"
                    raise InputError([Problem(HEAD, 0, 0, head.name, message)])
                return rendered(root, head.name, wanted.apps)
        case Apps():
            return rendered(head.root, head.name, wanted.apps, wanted.overrides)
        case Renders():
            return read_renders(head.folder, head.name, wanted.apps, _platform(wanted.root))


@contextmanager
def _checked_out(
    revision: Revision, wanted: Wanted
) -> Iterator[tuple[Path | None, tuple[str, ...]]]:
    """The folder of apps as it was at *revision*, None if it was not there, and what to say."""
    folder, stacks = wanted.root.parent, wanted.root.name
    notes = [f"the base is {revision.why}"] if revision.why else []
    with tempfile.TemporaryDirectory(prefix="ecs-blocks-review-") as target:
        root = Path(target).resolve() / stacks
        if not export(folder, revision.commit, stacks, root.parent):
            notes.append(f"{revision.name} has no {stacks}/: everything is new")
            yield None, tuple(notes)
            return
        asked = asked_version(folder, revision.commit)
        if asked is not None and asked[0] != wanted.version:
            notes.append(
                f"{revision.name} asks for ecs-blocks {asked[0]} ({asked[1]}); both sides are "
                f"rendered with {wanted.version}, which is installed, so what the other version "
                "made differently is not shown"
            )
        yield root, tuple(notes)


def _platform(root: Path) -> PlatformFile | None:
    if not (root / "platform.yaml").is_file():
        return None
    project = Project.open(root)
    return None if project.problems else project.platform


def _refuse(before: Snapshot, after: Snapshot, wanted: Wanted) -> None:
    """Refuse a head that cannot be rendered, and names of apps that neither side has.

    Raises:
        InputError: with the problems.
    """
    known = sorted({*before.apps, *after.apps})
    problems = [problem for found in after.broken.values() for problem in found]
    for app in wanted.apps:
        if app not in known:
            way = nearest(app, known) or f"; there are: {', '.join(known)}"
            problems.append(Problem(wanted.root.name, 0, 0, app, f"no such app{way}"))
    there = {environment for one in (before, after) for _, environment, _ in one.every()}
    for environment in sorted(wanted.environments - there) if there else ():
        way = nearest(environment, there) or f"; there are: {', '.join(sorted(there))}"
        problems.append(Problem("--env", 0, 0, environment, f"no app has this environment{way}"))
    for key in wanted.overrides:
        if key not in after.keys and not after.broken:
            message = f"no app declares this key{nearest(key, after.keys)}"
            problems.append(Problem("--set", 0, 0, key, message))
    if not known:
        message = "there is no app, neither before nor after"
        problems.append(Problem(str(wanted.root), 0, 0, "", message))
    if problems:
        raise InputError(problems)
