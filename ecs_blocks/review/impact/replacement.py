"""What the replacement of a resource means: for what it holds, and for what points to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.balancers import LOAD_BALANCER
from ecs_blocks.checks.views.tasks import SERVICE, TASK_DEFINITION
from ecs_blocks.review.facts.types import facts as facts_of
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.conflicts import conflict
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.kinds import kind_of, stays_unless_empty
from ecs_blocks.review.impact.phrases import count, listed, spoken, verb
from ecs_blocks.review.impact.reading import at, differs, is_looked_up, users
from ecs_blocks.review.impact.routes import RECORD
from ecs_blocks.review.model import WEIGHTS, Action, Fate, Replacement, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.impact.kinds import Kind
    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import ResourceChange

_ACCESS_POINT: Final = "AWS::EFS::AccessPoint"
_FOLDER: Final = "RootDirectory.Path"
_NEVER_TOLD: Final = frozenset({TASK_DEFINITION})
"""A new revision of a task definition is what a deploy is; ``rollout`` tells of it."""

_FATES: Final = {
    Fate.DELETED: "the old one is deleted, with {}",
    Fate.RETAINED: "the old one stays in the account, with {}",
    Fate.SNAPSHOT: "the old one is deleted after a snapshot",
}


def replacements(subject: Subject) -> Iterator[Finding]:
    """A finding for each resource that is replaced, or may be.

    Calm ones of a type that come to the same are one finding, as are the DNS records of a name, and
    those that are replaced only because of another one.
    """
    alike: dict[tuple[str, str, Weight], list[ResourceChange]] = {}
    followers: dict[tuple[str, ...], list[ResourceChange]] = {}
    for change in subject.changes:
        replaced = change.replacement is not Replacement.NO
        if change.action is not Action.MODIFY or not replaced or change.type in _NEVER_TOLD:
            continue
        if becomes := _becomes(subject, change):
            yield becomes
            continue
        kind = kind_of(change.type)
        fails = conflict(subject, change)
        alone = kind.replaced is Weight.APPROVAL and change.type != RECORD
        if fails or alone or _folder(subject, change):
            yield _replaced(subject, change, fails)
        elif change.type != RECORD and (roots := _roots(subject, change)):
            followers.setdefault(roots, []).append(change)
        else:
            words = "; ".join((*_effects(subject, change, kind), *_special(subject, change)))
            alike.setdefault((kind.noun, words, kind.replaced), []).append(change)
    for roots, changes in followers.items():
        yield _following(roots, changes)
    for (noun, words, weight), changes in alike.items():
        yield (
            _replaced(subject, changes[0], "")
            if len(changes) == 1
            else _together(noun, words, weight, changes)
        )


def _becomes(subject: Subject, change: ResourceChange) -> Finding | None:
    """A resource that is of another type under the same logical id."""
    old, new = subject.old(change), subject.new(change)
    if old is None or new is None or old.type == new.type:
        return None
    return Finding(
        kind="blocked",
        weight=Weight.APPROVAL,
        text=(
            f"{change.logical_id}: the deploy fails: {old.type} cannot become {new.type}; give the "
            "new one another logical id"
        ),
        covers=((change.logical_id, ""),),
    )


def _roots(
    subject: Subject, change: ResourceChange, seen: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The replaced resources that alone make this one be replaced; empty where it has own reasons.

    A follower of a follower is told with what both follow. *seen* are those below, for a template
    that refers in circles.
    """
    found: dict[str, None] = {}
    for one in change.properties:
        if one.replacement is Replacement.NO:
            continue
        if not one.causes or any(cause.kind != "resource" for cause in one.causes):
            return ()
        for cause in one.causes:
            behind = subject.by_id.get(cause.name)
            above: tuple[str, ...] = ()
            if behind is not None and cause.name not in seen:
                above = _roots(subject, behind, seen | {change.logical_id})
            found |= dict.fromkeys(above or (cause.name,))
    return tuple(found)


def _following(roots: tuple[str, ...], changes: list[ResourceChange]) -> Finding:
    weight = min((kind_of(one.type).replaced for one in changes), key=WEIGHTS.index)
    names = [one.logical_id for one in changes]
    maybe = any(one.replacement is Replacement.MAYBE for one in changes)
    done = (
        "may be replaced with it" if maybe else verb(names, "is replaced too", "are replaced too")
    )
    loses = dict.fromkeys(
        f"{kind_of(one.type).noun}: {kind_of(one.type).loses}"
        for one in changes
        if kind_of(one.type).loses
    )
    return Finding(
        kind="replacement",
        weight=weight,
        text=f"because of {listed(roots)}, {listed(names)} {done}",
        details=tuple(loses),
        covers=tuple((name, "") for name in names),
    )


def _together(noun: str, words: str, weight: Weight, changes: list[ResourceChange]) -> Finding:
    names = [one.logical_id for one in changes]
    maybe = any(one.replacement is Replacement.MAYBE for one in changes)
    done = "may be replaced, decided during the deploy" if maybe else "are replaced"
    text = f"{count(len(names), noun)} {done}: {listed(names)}"
    return Finding(
        kind=_group(changes[0], kind_of(changes[0].type)),
        weight=weight,
        text=f"{text}; {words}" if words else text,
        details=tuple(dict.fromkeys(one.why for one in changes if one.why)),
        covers=tuple((name, "") for name in names),
    )


def _replaced(subject: Subject, change: ResourceChange, fails: str) -> Finding:
    kind = kind_of(change.type)
    maybe = change.replacement is Replacement.MAYBE
    head = f"{change.logical_id}: the {kind.noun} {'may be' if maybe else 'is'} replaced"
    if maybe:
        head += ", decided during the deploy"
    effects = [*_effects(subject, change, kind), *_special(subject, change)]
    if fails:
        effects.insert(0, fails)
    return Finding(
        kind="blocked" if fails and not maybe else _group(change, kind),
        weight=Weight.APPROVAL if fails or _folder(subject, change) else kind.replaced,
        text=f"{head}: {'; '.join(effects)}" if effects else head,
        details=tuple(filter(None, (*_followers(subject, change), change.why))),
        covers=((change.logical_id, ""),),
    )


def _group(change: ResourceChange, kind: Kind) -> str:
    if kind.is_data:
        return "data"
    return "address" if kind.address and change.type != "AWS::ECS::Service" else "replacement"


def _effects(subject: Subject, change: ResourceChange, kind: Kind) -> Iterator[str]:
    if kind.address and change.type != RECORD:
        yield f"new {kind.address}"
    if kind.is_data:
        yield "the new one is empty"
        fate = change.fate or Fate.DELETED
        if fate is Fate.DELETED and stays_unless_empty(subject.old(change)):
            yield "the old one is deleted only if it is empty, else it stays in the account"
        else:
            yield _FATES[fate].format(kind.holds)
    elif change.fate is Fate.RETAINED:
        yield "the old one stays in the account, outside of the stack"
    if kind.loses:
        yield kind.loses
    known = facts_of(change.type)
    if known is not None and known.delete_first and change.fate is not Fate.RETAINED:
        yield "the old one is deleted before the new one is made"


def _special(subject: Subject, change: ResourceChange) -> Iterator[str]:
    old, new = subject.old(change), subject.new(change)
    if change.type == RECORD:
        before, after = (spoken(at(one, "Name")) for one in (old, new))
        if before != after and is_looked_up([at(old, "Name"), at(new, "Name")]):
            yield f"the name {before} leads nowhere any more, should {after} be another one"
        elif before != after:
            yield f"the name {before} leads nowhere any more; {after} does"
        else:
            yield f"the name {after} may lead nowhere for a moment"
    yield from _folder(subject, change)
    if change.type == SERVICE and new is not None:
        tasks = facts.tasks_of(new, subject.after)
        scaled = tasks.scaled and at(new, "DesiredCount") is None
        start = "1 task" if scaled else (count(tasks.fixed, "task") if tasks.fixed else "its tasks")
        until = ", until Application Auto Scaling raises it" if scaled and tasks.low != 1 else ""
        yield f"a new service starts with {start}{until}, then the old one and its tasks go"


def _folder(subject: Subject, change: ResourceChange) -> list[str]:
    """That tasks see another folder of a file system, where an access point leads elsewhere."""
    old, new = (at(one, _FOLDER) for one in (subject.old(change), subject.new(change)))
    if change.type != _ACCESS_POINT or not differs(old, new):
        return []
    before, after = (spoken(one or "/") for one in (old, new))
    return [f"tasks see the folder {after} instead of {before}, whose files stay there, unseen"]


def _followers(subject: Subject, change: ResourceChange) -> Iterator[str]:
    """What of this stack takes the new one, and that nothing else does."""
    found = [one.id for one in users(subject.after, change.logical_id)]
    if change.type == LOAD_BALANCER:
        records = [one.id for one in users(subject.after, change.logical_id, RECORD)]
        if records:
            follow = verb(records, "follows", "follow")
            yield f"{listed(records)} of this stack {follow}, once resolvers forget the old address"
        yield "what points to the old DNS name from elsewhere (a CNAME, an allow list) does not"
    elif found:
        yield f"in this stack {listed(found)} {verb(found, 'takes', 'take')} the new one"
