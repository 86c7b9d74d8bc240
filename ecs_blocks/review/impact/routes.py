"""Which load balancer leads to which target group, and the names that lead to a load balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.views.balancers import LISTENER, LISTENER_RULE, TARGET_GROUP
from ecs_blocks.review.impact.phrases import spoken
from ecs_blocks.review.impact.reading import at
from ecs_blocks.templates.references import referred_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Resource, Template

RECORD: Final = "AWS::Route53::RecordSet"
ACTIONS: Final = {LISTENER: "DefaultActions", LISTENER_RULE: "Actions"}


def fed(route: Resource) -> set[str]:
    """The logical ids that the actions of a listener or a rule refer to, target groups among."""
    return set(referred_names(at(route, ACTIONS[route.type])))


def balancers_of(template: Template) -> dict[str, set[str]]:
    """Of each target group in the template: what it gets its requests from.

    That is the logical id of a load balancer; of one that is not in the template, what a rule
    names its listener by.
    """
    found: dict[str, set[str]] = {}
    for route in template.of_type(*ACTIONS):
        leader = _balancer(template, route)
        for name in fed(route) if leader else ():
            group = template.resources.get(name)
            if group is not None and group.type == TARGET_GROUP:
                found.setdefault(name, set()).add(leader)
    return found


def _balancer(template: Template, route: Resource) -> str:
    given: Any = at(route, "ListenerArn" if route.type == LISTENER_RULE else "LoadBalancerArn")
    if route.type == LISTENER_RULE:
        listener = template.target(given)
        if listener is not None and listener.type == LISTENER:
            return _balancer(template, listener)
    names = [one for one in referred_names(given) if one in template.resources]
    if names:
        return names[0]
    return spoken(given) if given is not None else ""


def leads_to(record: Resource) -> Iterator[tuple[str, Any]]:
    """Where a DNS record leads: the paths and their values."""
    for path in ("AliasTarget.DNSName", "ResourceRecords"):
        value = at(record, path)
        if value is not None:
            yield path, value
