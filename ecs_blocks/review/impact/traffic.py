"""Times in which requests find no task: when a rule points to a target group that is still empty.

A target group that cannot be changed in place is replaced, or gets another logical id; either way
CloudFormation changes the rule before the service has started tasks in the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.views.references import references
from ecs_blocks.review.impact import service_facts as facts
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed, verb
from ecs_blocks.review.impact.reading import at
from ecs_blocks.review.model import Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource
    from ecs_blocks.review.impact.subject import Subject

_LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
_RULE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"
_PATHS: Final = {_LISTENER: "DefaultActions", _RULE: "Actions"}


def traffic_gaps(subject: Subject) -> Iterator[Finding]:
    """A finding for each service whose requests go to a new, empty target group for a while."""
    for service in subject.after.of_type(facts.SERVICE):
        before = subject.before.resources.get(service.id)
        if before is None or facts.strategy_of(service) not in ("ROLLING", None):
            continue
        earlier = _groups(before, subject, before=True)
        fresh = [
            one
            for one in _groups(service, subject, before=False)
            if one not in earlier or subject.is_replaced(one)
        ]
        rules = [
            route.id
            for route in subject.after.of_type(*_PATHS)
            if route.id in subject.before.resources
            and not _is_first(subject, route)
            and set(fresh) & set(references(at(route, _PATHS[route.type])))
        ]
        if earlier and fresh and rules:
            points = verb(rules, "points", "point")
            yield Finding(
                kind="downtime",
                weight=Weight.APPROVAL,
                text=(
                    f"{service.id}: requests may get 503 until its new tasks are healthy: "
                    f"{listed(rules)} {points} to {listed(fresh)}, which is empty at first"
                ),
                details=("deploy it when there is little traffic",),
                about=(service.id, *rules, *fresh),
                covers=((service.id, "LoadBalancers"),),
            )


def _groups(service: Resource, subject: Subject, *, before: bool) -> list[str]:
    template = subject.before if before else subject.after
    return [group.id for _, group in facts.target_groups(service, template) if group is not None]


def _is_first(subject: Subject, route: Resource) -> bool:
    """Whether no request went through it before: a listener or a rule that is made anew."""
    return subject.is_replaced(route.id)
