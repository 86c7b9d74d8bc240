"""What goes away with the resources that leave the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.balancers import LISTENER_RULE, TARGET_GROUP
from ecs_blocks.checks.views.security_rules import EGRESS, INGRESS
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.kinds import is_known, kind_of, stays_unless_empty
from ecs_blocks.review.impact.listener_rules import taken, where
from ecs_blocks.review.impact.next_rules import next_rule
from ecs_blocks.review.impact.phrases import count, listed, spoken, verb
from ecs_blocks.review.impact.reading import at, differs, users
from ecs_blocks.review.impact.service_facts import target_groups
from ecs_blocks.review.model import Action, Fate, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.review.impact.kinds import Kind
    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import ResourceChange

_WINDOWS: Final = {
    "AWS::SecretsManager::Secret": "Secrets Manager may restore it for up to 30 days",
    "AWS::KMS::Key": "it can be restored for {} days",
}
"""What can be brought back for a while. Source: the APIs' DeleteSecret and ScheduleKeyDeletion."""

_TOLD_ELSEWHERE: Final = frozenset({INGRESS, EGRESS})
"""``network_rules`` tells who is let in and out no more."""

_KEY_DAYS: Final = 30
_NAMED: Final = {"AWS::Route53::RecordSet": "Name", "AWS::Logs::LogGroup": "LogGroupName"}


def deletions(subject: Subject) -> Iterator[Finding]:
    """A finding for each resource that leaves, and one for each type of calm ones."""
    alike: dict[str, list[ResourceChange]] = {}
    for change in subject.changes:
        if change.action is not Action.REMOVE or change.type in _TOLD_ELSEWHERE:
            continue
        if _is_like_others(subject, change, kind_of(change.type)):
            alike.setdefault(change.type, []).append(change)
        else:
            yield _gone(subject, change, kind_of(change.type))
    for type_, changes in alike.items():
        kind = kind_of(type_)
        if len(changes) == 1 and kind.removed is Weight.APPROVAL:
            yield _gone(subject, changes[0], kind)
        else:
            yield _several(subject, kind, changes)


def _is_like_others(subject: Subject, change: ResourceChange, kind: Kind) -> bool:
    """Whether several of its type are told in one sentence: nothing is to be said of it alone."""
    if not is_known(change.type):
        return False
    alone = kind.is_data or kind.address or change.type == SERVICE
    kept = change.fate is Fate.RETAINED or successors_of(subject, change)
    return kind.removed is not Weight.APPROVAL or not (alone or kept)


def _gone(subject: Subject, change: ResourceChange, kind: Kind) -> Finding:
    name = _name(subject, change)
    head = f"{change.logical_id}: the {kind.noun}{name}"
    successors = successors_of(subject, change)
    # A target group that has a successor has another id on purpose: it could not be changed.
    more = () if successors else tuple(_details(subject, change))
    if change.fate is Fate.RETAINED:
        return Finding(
            kind="deletion",
            weight=Weight.NOTICE,
            text=f"{head} leaves the stack and stays in the account, managed by nobody",
            details=more,
            covers=((change.logical_id, ""),),
        )
    parts = [f"{head} is deleted"]
    if stays_unless_empty(subject.old(change)):
        parts.append("where it is not empty, that fails, and it stays in the account")
    elif kind.is_data:
        parts[0] += f", with {kind.holds}"
    if change.fate is Fate.SNAPSHOT:
        parts.append("a snapshot of it is kept")
    window = _WINDOWS.get(change.type)
    if window:
        days = at(subject.old(change), "PendingWindowInDays")
        parts.append(window.format(spoken(days) if days is not None else _KEY_DAYS))
    if kind.address and not kind.is_data and not kind.gone:
        parts.append(f"its {kind.address} goes")
    fresh = [one for one in successors if one not in subject.before.resources]
    if fresh:
        parts.append(f"{listed(fresh)} {verb(fresh, 'takes', 'take')} its place")
    elif successors:
        parts.append(f"{listed(successors)} {verb(successors, 'stays', 'stay')}, as before")
    elif change.type == LISTENER_RULE:
        parts.append(next_rule(subject, change.logical_id))
    elif kind.gone:
        parts.append(kind.gone)
    return Finding(
        kind="data" if kind.is_data else "deletion",
        weight=Weight.NOTICE if successors else kind.removed,
        text="; ".join(parts),
        details=more,
        covers=((change.logical_id, ""),),
    )


def successors_of(subject: Subject, change: ResourceChange) -> list[str]:
    """The new target groups of the services that used this one, where they all have one."""
    if change.type != TARGET_GROUP:
        return []
    found: list[str] = []
    for service in users(subject.before, change.logical_id, SERVICE):
        after = subject.after.resources.get(service.id)
        groups = [one for _, one in target_groups(after, subject.after)] if after else []
        if not groups:
            return []
        found.extend(one.id for one in groups if one is not None)
    return found


def _name(subject: Subject, change: ResourceChange) -> str:
    value = at(subject.old(change), _NAMED.get(change.type, ""))
    return f" {value}" if isinstance(value, str) else ""


def _details(subject: Subject, change: ResourceChange) -> Iterator[str]:
    rule = subject.old(change) if change.type == LISTENER_RULE else None
    if rule is not None:
        at_test = where(subject.before, rule)
        yield f"{rule.id}{f' {at_test}' if at_test else ''} took {taken(rule)}"
    yield from _twins(subject, change)


def _twins(subject: Subject, change: ResourceChange) -> Iterator[str]:
    """Resources that are added and look the same: most likely the logical id was changed."""
    old = subject.old(change)
    for other in subject.of_type(change.type, action=Action.ADD):
        new = subject.new(other)
        if old is not None and new is not None and not differs(old.properties, new.properties):
            yield (
                f"{other.logical_id} is the same under another logical id: CloudFormation makes a "
                f"new one and lets this one go; keep the logical id {change.logical_id} to keep it"
            )


def _several(subject: Subject, kind: Kind, changes: list[ResourceChange]) -> Finding:
    names = [one.logical_id for one in changes]
    each = "for each: " if len(names) > 1 and kind.removed is Weight.APPROVAL else ""
    tells_next = kind is kind_of(LISTENER_RULE)
    retained = all(one.fate is Fate.RETAINED for one in changes)
    done = "leaves the stack" if retained else "is deleted"
    several = "leave the stack" if retained else "are deleted"
    if len(names) == 1:
        text = f"{names[0]}: the {kind.noun} {done}"
    else:
        text = f"{count(len(names), kind.noun)} {several}: {listed(names)}"
    return Finding(
        kind="alarm" if kind.noun.endswith("alarm") else "deletion",
        weight=kind.removed,
        text=f"{text}; {each}{kind.gone}"
        if kind.gone and not retained and not tells_next
        else text,
        details=tuple(
            detail
            for one in changes
            if kind.removed is Weight.APPROVAL
            for detail in (
                *_details(subject, one),
                *([f"{one.logical_id}: {next_rule(subject, one.logical_id)}"] * tells_next),
            )
        ),
        covers=tuple((one, "") for one in names),
    )
