"""What cannot be made because the old one still has its name, its port or its place.

CloudFormation makes the new resource before it deletes the old one. Source: AWS CloudFormation User
Guide, "Update behaviors of stack resources" and "Name type"; Elastic Load Balancing API Reference,
CreateListener (DuplicateListener) and CreateRule (PriorityInUse).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.kinds import KEEPS_ITS_TURN, kind_of
from ecs_blocks.review.impact.phrases import spoken
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.model import Action, Replacement, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import ResourceChange

_LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
_RULE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"
_RECORD: Final = "AWS::Route53::RecordSet"
_PLACES: Final = {
    _LISTENER: ("LoadBalancerArn", "Port"),
    _RULE: ("ListenerArn", "Priority"),
    _RECORD: ("HostedZoneId", "HostedZoneName", "Name", "Type", "SetIdentifier"),
}
"""Properties that two resources of a type cannot have in common at one time."""

_IN_USE: Final = {
    _LISTENER: "port {1} of the load balancer is taken until {old} is deleted",
    _RULE: "priority {1} of the listener is taken until {old} is deleted",
    _RECORD: "the record {2} {3} is there until {old} is deleted",
}


def conflict(subject: Subject, change: ResourceChange) -> str:
    """Why the replacement of one resource fails, or may; empty where nothing stands against it."""
    name = kind_of(change.type).name
    old, new = subject.old(change), subject.new(change)
    if not name or change.type in KEEPS_ITS_TURN:
        return ""
    before, after = at(old, name), at(new, name)
    if after is None or differs(before, after):
        return ""
    how = "may fail" if change.replacement is Replacement.MAYBE else "fails"
    return (
        f"the deploy {how}, for its name {spoken(after)} is fixed and still taken by the old one; "
        f"give it another {name}, or none"
    )


def conflicts(subject: Subject) -> Iterator[Finding]:
    """A finding for each added resource whose name or place a removed one still has."""
    removed = [one for one in subject.changes if one.action is Action.REMOVE]
    for change in subject.changes:
        new = subject.new(change)
        if change.action is Action.ADD and new is not None:
            for gone in removed:
                old = subject.old(gone)
                if gone.type == change.type and old is not None and _taken(old, new):
                    yield _fails(old, new)
    yield from _swapped(subject)


def _taken(old: Resource, new: Resource) -> bool:
    name = kind_of(new.type).name
    if name and at(new, name) is not None:
        return new.type not in KEEPS_ITS_TURN and not differs(at(old, name), at(new, name))
    place = _PLACES.get(new.type)
    return place is not None and all(not differs(at(old, one), at(new, one)) for one in place)


def _fails(old: Resource, new: Resource) -> Finding:
    name = kind_of(new.type).name
    if name and at(new, name) is not None:
        why = f"its name {spoken(at(new, name))} is taken until {old.id} is deleted"
    else:
        values = [spoken(at(new, one)) for one in _PLACES[new.type]]
        why = _IN_USE[new.type].format(*values, old=old.id)
    return Finding(
        kind="replacement",
        weight=Weight.APPROVAL,
        text=(
            f"{new.id}: the deploy fails: it is made before {old.id} is deleted, and {why}; keep "
            f"the logical id {old.id}, or deploy the removal first"
        ),
        about=(new.id, old.id),
    )


def _swapped(subject: Subject) -> Iterator[Finding]:
    """Rules that take a priority which another rule still has when they are changed."""
    rules = [(old, new) for _, old, new in subject.modified(_RULE)]
    for old, new in rules:
        wanted = at(new, "Priority")
        if not differs(at(old, "Priority"), wanted):
            continue
        for other, _ in rules:
            listener = at(other, "ListenerArn"), at(new, "ListenerArn")
            same = not differs(at(other, "Priority"), wanted) and not differs(*listener)
            if other.id != new.id and same:
                yield Finding(
                    kind="replacement",
                    weight=Weight.APPROVAL,
                    text=(
                        f"{new.id}: the deploy may fail: it takes priority {spoken(wanted)}, which "
                        f"{other.id} has until it is changed too; change them in two deploys"
                    ),
                    about=(new.id, other.id),
                )
