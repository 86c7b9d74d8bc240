"""Times in which requests find no task: when what they come by leads to a target group still empty.

A target group that cannot be changed in place is replaced, or gets another logical id; either way
CloudFormation changes the rule, and a DNS name that moves to another load balancer, before the
service has started tasks in the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.references import made_before
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.kept import kept_strategy
from ecs_blocks.review.impact.phrases import listed, spoken, verb
from ecs_blocks.review.impact.reading import at, differs
from ecs_blocks.review.impact.routes import (
    ACTIONS,
    RECORD,
    balancers_of,
    fed,
    leads_to,
)
from ecs_blocks.review.impact.weights import rewritten, shifted_routes
from ecs_blocks.review.model import Replacement, Weight
from ecs_blocks.templates.references import referred_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_ADVICE: Final = "deploy it when there is little traffic"


def traffic_gaps(subject: Subject) -> Iterator[Finding]:
    """A finding for each service whose requests go to a new, empty target group for a while."""
    for service in subject.after.of_type(SERVICE):
        yield from _out_of_use(subject, service)
        fresh = _fresh(subject, service)
        rules = _rules(subject, fresh)
        names = [] if rules else _moved_names(subject, service, fresh)
        if not rules and not names:
            continue
        if rules:
            leads = f"{listed(rules)} {verb(rules, 'points', 'point')} to {listed(fresh)}, which"
        else:
            moved = dict.fromkeys(spoken(at(one, "Name")) for one in names)
            is_led = verb(moved, "leads", "lead")
            leads = (
                f"{listed(moved)} {is_led} to another load balancer at once, and {listed(fresh)}"
            )
            leads += " behind it"
        head = f"{service.id}: requests may get 503"
        if _all_may_be(subject, fresh):
            head += f", should {listed(fresh)} be replaced,"
        yield Finding(
            kind="downtime",
            weight=Weight.APPROVAL,
            text=f"{head} until its new tasks are healthy: {leads} "
            f"{verb(fresh, 'is', 'are')} empty at first",
            details=(_ADVICE,),
            about=(service.id, *rules, *(one.id for one in names), *fresh),
            covers=((service.id, "LoadBalancers"),),
        )


def has_gap(subject: Subject, service: Resource) -> bool:
    """Whether there is, or may be, a time in which requests to *service* find no task."""
    fresh = _fresh(subject, service)
    gaps = _rules(subject, fresh) or _moved_names(subject, service, fresh)
    return bool(gaps or _left(subject, service)) or any(
        one.fresh and one.shifted.service == service.id and not one.shifted.is_test
        for one in rewritten(subject)
    )


def _out_of_use(subject: Subject, service: Resource) -> Iterator[Finding]:
    """Back from blue/green: the traffic may be on the target group that goes.

    Each deployment changes the one that is in use, and the rule is set to the one that stays.
    """
    left = _left(subject, service)
    if not left:
        return
    stays = _groups(service, subject, before=False)
    yield Finding(
        kind="downtime",
        weight=Weight.APPROVAL,
        text=(
            f"{service.id}: requests may get 503 until its new tasks are healthy, should "
            f"{listed(left)} be the one in use now: requests go to {listed(stays)} then, which "
            f"{verb(stays, 'is', 'are')} empty at first"
        ),
        details=("each deployment changes the one in use: if so, deploy once more before this",),
        about=(service.id, *left),
        covers=((service.id, "LoadBalancers"),),
    )


def _left(subject: Subject, service: Resource) -> list[str]:
    """The target groups that a service gives up which goes back from blue/green to rolling."""
    before = subject.before.resources.get(service.id)
    if before is None or facts.strategy_of(before) not in facts.SHIFTS:
        return []
    if facts.strategy_of(service) != "ROLLING" or kept_strategy(before, service):
        return []
    if _is_in_the_first(subject, service):
        return []
    stays = _groups(service, subject, before=False)
    return [one for one in _groups(before, subject, before=True) if one not in stays] * bool(stays)


def _is_in_the_first(subject: Subject, service: Resource) -> bool:
    """Whether a live stack shows that requests go on to the target group that they go to now."""
    live = subject.pair.live
    routes = [
        route
        for route, shifted in shifted_routes(subject.before).items()
        if shifted.service == service.id and not shifted.is_test
    ]
    return live is not None and bool(routes) and all(map(live.weights.get, routes))


def _fresh(subject: Subject, service: Resource) -> list[str]:
    """The target groups of *service* that have no targets yet; none where it had none before."""
    before = subject.before.resources.get(service.id)
    if before is None or facts.strategy_of(service) not in ("ROLLING", None):
        return []
    earlier = _groups(before, subject, before=True)
    found = _groups(service, subject, before=False)
    return [one for one in found if one not in earlier or subject.is_replaced(one)] * bool(earlier)


def _rules(subject: Subject, fresh: list[str]) -> list[str]:
    """What is changed in place, and leads requests to one of these target groups."""
    return [
        route.id
        for route in subject.after.of_type(*ACTIONS)
        if route.id in subject.before.resources
        and not subject.is_replaced(route.id)
        and set(fresh) & fed(route)
    ]


def _moved_names(subject: Subject, service: Resource, fresh: list[str]) -> list[Resource]:
    """The records that move to the load balancer of these target groups before the tasks do."""
    leaders = balancers_of(subject.after)
    new = {leader for group in fresh for leader in leaders.get(group, ())}
    own = new & set(subject.after.resources)
    found: list[Resource] = []
    for record in subject.after.of_type(RECORD) if new else ():
        before = subject.before.resources.get(record.id)
        if before is None or subject.is_replaced(record.id):
            continue
        if service.id in made_before(subject.after, record.id):
            continue
        old = dict(leads_to(before))
        for path, value in leads_to(record):
            named = set(referred_names(value))
            moves = differs(old.get(path), value) or any(map(subject.is_replaced, named))
            # One that is looked up is not in the template: nor is the balancer behind it.
            behind = named & own if own else not named & set(subject.after.resources)
            if old and moves and behind:
                found.append(record)
    return found


def _all_may_be(subject: Subject, fresh: list[str]) -> bool:
    """Whether each of them is only replaced if the deploy decides so."""
    found = [subject.by_id.get(one) for one in fresh]
    return all(one is not None and one.replacement is Replacement.MAYBE for one in found)


def _groups(service: Resource, subject: Subject, *, before: bool) -> list[str]:
    template = subject.before if before else subject.after
    return [group.id for _, group in facts.target_groups(service, template) if group is not None]
