"""What cannot be made, as the old one still has its name, its port or its place; or not changed.

CloudFormation makes the new resource before it deletes the old one. Source: AWS CloudFormation User
Guide, "Update behaviors of stack resources" and "Name type"; Elastic Load Balancing API Reference,
CreateListener (DuplicateListener, TargetGroupAssociationLimit) and CreateRule (PriorityInUse); AWS
CloudFormation Template Reference, AWS::ECS::Service ("each ServiceConnectService must have a name
that is unique in the namespace").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.balancers import LISTENER, LISTENER_RULE, LOAD_BALANCER
from ecs_blocks.review.facts.beside import UNCHANGEABLE
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.kinds import KEEPS_ITS_TURN, kind_of
from ecs_blocks.review.impact.phrases import PERHAPS, count, listed, spoken
from ecs_blocks.review.impact.reading import at, differs, is_looked_up
from ecs_blocks.review.impact.routes import RECORD, balancers_of
from ecs_blocks.review.impact.service_facts import discovery_names
from ecs_blocks.review.impact.subject import real
from ecs_blocks.review.model import Action, Replacement, Weight
from ecs_blocks.templates.references import referred_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template
    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import ResourceChange

_FEW: Final = 3
_SECURITY_GROUP: Final = "AWS::EC2::SecurityGroup"
_PLACES: Final = {
    LISTENER: ("LoadBalancerArn", "Port"),
    LISTENER_RULE: ("ListenerArn", "Priority"),
    RECORD: ("HostedZoneId", "HostedZoneName", "Name", "Type", "SetIdentifier"),
}
"""Properties that two resources of a type cannot have in common at one time."""

_IN_USE: Final = {
    LISTENER: "port {1} of the load balancer is taken until {old} is deleted",
    LISTENER_RULE: "priority {1} of the listener is taken until {old} is deleted",
    RECORD: "the record {2} {3} is there until {old} is deleted",
}


def conflict(subject: Subject, change: ResourceChange) -> str:
    """Why the replacement of one resource fails, or may; empty where nothing stands against it."""
    name = kind_of(change.type).name
    old, new = subject.old(change), subject.new(change)
    how = "may fail" if change.replacement is Replacement.MAYBE else "fails"
    if (
        old is not None
        and new is not None
        and (taken := discovery_names(old) & discovery_names(new))
    ):
        names = listed(sorted(one.removeprefix("/") for one in taken))
        return (
            f"the deploy {how}, for the old one still has its Service Connect names {names}; "
            "deploy it without them first"
        )
    if not name or change.type in KEEPS_ITS_TURN:
        return ""
    before, after = at(old, name), at(new, name)
    # A name that another resource's replacement changes with it is not taken.
    if (
        after is None
        or differs(before, after)
        or any(map(subject.is_replaced, referred_names(after)))
    ):
        return ""
    return (
        f"the deploy {how}, for its name {spoken(after)} is fixed and still taken by the old one; "
        f"give it another {name}, or none"
    )


def conflicts(subject: Subject) -> Iterator[Finding]:
    """A finding for each added resource whose name or place a removed one still has.

    Several of a type are one finding.
    """
    removed = [one for one in subject.changes if one.action is Action.REMOVE]
    failing: dict[str, list[tuple[Resource, Resource]]] = {}
    for change in subject.changes:
        new = subject.new(change)
        if change.action is Action.ADD and new is not None:
            for gone in removed:
                old = subject.old(gone)
                if gone.type == change.type and old is not None and _taken(old, new):
                    failing.setdefault(change.type, []).append((old, new))
    for type_, pairs in failing.items():
        yield _fails(*pairs[0]) if len(pairs) == 1 else _fail(type_, pairs)
    yield from _swapped(subject)
    yield from _between_balancers(subject)
    yield from _between_networks(subject)
    yield from _unchangeable(subject)


def taken_in_the_account(before: Template, after: Template) -> list[str]:
    """What a stack cannot make beside another one: each name and place that both write out.

    A place at a resource of the stack's own, a rule at its own listener, is another one in each.
    """
    found: list[str] = []
    for new in after.resources.values():
        for old in before.of_type(new.type):
            values = [at(new, one) for one in _PLACES.get(new.type, ())]
            named = new.type in KEEPS_ITS_TURN or set(referred_names(values)) & set(after.resources)
            if not named and _taken(old, new):
                found.append(f"{new.id}: {_why(old, new)}")
    return found


def _taken(old: Resource, new: Resource) -> bool:
    name = kind_of(new.type).name
    if name and at(new, name) is not None:
        return new.type not in KEEPS_ITS_TURN and not differs(at(old, name), at(new, name))
    place = _PLACES.get(new.type)
    return place is not None and all(not differs(at(old, one), at(new, one)) for one in place)


def _why(old: Resource, new: Resource) -> str:
    name = kind_of(new.type).name
    if name and at(new, name) is not None:
        return f"its name {spoken(at(new, name))} is taken until {old.id} is deleted"
    values = [spoken(at(new, one)) for one in _PLACES[new.type]]
    return _IN_USE[new.type].format(*values, old=old.id)


def _fails(old: Resource, new: Resource) -> Finding:
    return Finding(
        kind="blocked",
        weight=Weight.APPROVAL,
        text=(
            f"{new.id}: the deploy fails: it is made before {old.id} is deleted, and "
            f"{_why(old, new)}; keep the logical id {old.id}, or deploy the removal first"
        ),
        about=(new.id, old.id),
    )


def _fail(type_: str, pairs: list[tuple[Resource, Resource]]) -> Finding:
    """Several of one type: what is said of each stands in the details."""
    number = count(len(pairs), kind_of(type_).noun)
    return Finding(
        kind="blocked",
        weight=Weight.APPROVAL,
        text=(
            f"the deploy fails: {number} ({listed(new.id for _, new in pairs)}) are made before "
            f"{listed(old.id for old, _ in pairs)} are deleted, which still have their names; keep "
            "the logical ids, or deploy the removal first"
        ),
        details=tuple(f"{new.id}: {_why(old, new)}" for old, new in pairs[:_FEW]),
        about=tuple(one.id for pair in pairs for one in pair),
    )


def _swapped(subject: Subject) -> Iterator[Finding]:
    """Rules that take a priority which another rule still has when they are changed."""
    rules = [(old, new) for _, old, new in subject.modified(LISTENER_RULE)]
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


def _between_balancers(subject: Subject) -> Iterator[Finding]:
    """Target groups that would serve a second load balancer: none may."""
    before, after = balancers_of(subject.before), balancers_of(subject.after)
    for group, leaders in after.items():
        change = subject.by_id.get(group)
        kept = change is None or change.replacement is Replacement.NO
        own = leaders & set(subject.after.resources)
        new = sorted(one for one in own if _is_new(subject, one))
        if group in before and kept and new:
            yield Finding(
                kind="blocked",
                weight=Weight.APPROVAL,
                text=(
                    f"{group}: the deploy fails: the target group still serves the old load "
                    f"balancer, and cannot serve the new {listed(new)} too; give the target group "
                    "another logical id, so that there is a second one"
                ),
                about=(group, *new),
            )


def _between_networks(subject: Subject) -> Iterator[Finding]:
    """Load balancers that would have to move to another VPC: none can."""
    for balancer in subject.after.of_type(LOAD_BALANCER):
        if balancer.id not in subject.before.resources or subject.is_replaced(balancer.id):
            continue
        used = set(referred_names(balancer.properties.get("SecurityGroups")))
        for change, old, new in subject.modified(_SECURITY_GROUP):
            vpcs = at(old, "VpcId"), at(new, "VpcId")
            if new.id not in used or not differs(*vpcs) or None in vpcs:
                continue
            before, after = map(spoken, vpcs)
            if any(one.path == "VpcId" and subject.may_stay(one) for one in real(change)):
                yield Finding(
                    kind="unknown",
                    weight=Weight.NOTICE,
                    text=(
                        f"{balancer.id}: the deploy fails only if {after} is another VPC than "
                        f"{before}, for a load balancer cannot move; --base live tells"
                    ),
                    about=(balancer.id, new.id),
                )
                continue
            yield Finding(
                kind="blocked",
                weight=Weight.APPROVAL,
                text=(
                    f"{balancer.id}: the deploy fails: {new.id} moves to another VPC "
                    f"({before} → {after}), and a load balancer cannot; give the load balancer "
                    "another logical id, or make a stack of another name"
                ),
                covers=((new.id, "VpcId"),),
                about=(balancer.id, new.id),
            )


def _is_new(subject: Subject, logical_id: str) -> bool:
    found = subject.by_id.get(logical_id)
    replaced = found is not None and found.replacement is Replacement.YES
    return replaced or logical_id not in subject.before.resources


def _unchangeable(subject: Subject) -> Iterator[Finding]:
    """A finding for each property that is changed although AWS changes it nowhere."""
    for change, old, new in subject.modified(*UNCHANGEABLE):
        for name, default in UNCHANGEABLE[change.type].items():
            before, after = at(old, name) or default, at(new, name) or default
            if change.replacement is not Replacement.YES and differs(before, after):
                is_open = is_looked_up([before, after])
                yield Finding(
                    kind="unknown" if is_open else "blocked",
                    weight=Weight.APPROVAL,
                    text=(
                        f"{new.id}: {PERHAPS * is_open}the deploy fails: {name} cannot be changed "
                        f"({spoken(before)} → {spoken(after)}), only a new resource can have it"
                    ),
                    covers=((new.id, name),),
                )
