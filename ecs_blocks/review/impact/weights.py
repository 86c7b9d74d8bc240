"""The weights of a listener rule that ECS moves, and that a deploy writes again with the rule.

ECS shifts traffic by the weights of the production rule, and of a Network Load Balancer's listener;
the template says where they began. CloudFormation sends a resource with all its properties as soon
as one of them differs: a path, a priority, a certificate. After every other deployment the tasks
are in the second target group, and the weights of the template lead to the first.

Sources: CloudFormation Template Reference, ``AWS::ECS::Service`` AdvancedConfiguration (a rule, or
the listener of a Network Load Balancer); Elastic Load Balancing API Reference, ModifyRule and
ModifyListener (their actions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.checks.model import Resource, referenced
from ecs_blocks.checks.views.parts import as_items
from ecs_blocks.checks.views.tasks import SERVICE
from ecs_blocks.review.impact.finding import Finding
from ecs_blocks.review.impact.phrases import listed, spoken
from ecs_blocks.review.impact.reading import at, finite
from ecs_blocks.review.impact.routes import ACTIONS
from ecs_blocks.review.impact.service_facts import SHIFTS, balanced, strategy_of
from ecs_blocks.review.model import Action, Noise, Replacement, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Template
    from ecs_blocks.review.impact.subject import Subject
    from ecs_blocks.review.model import ResourceChange

_RULES: Final = {"ProductionListenerRule": False, "TestListenerRule": True}
_SENDS: Final = (None, Noise.ORDER)
"""Differences for which CloudFormation sends the resource; tags and policies are set apart."""


class Shifted(Struct, frozen=True):
    """A rule, or listener, whose weights ECS moves for *service* (a logical id)."""

    service: str
    is_test: bool


def shifted_routes(template: Template) -> dict[str, Shifted]:
    """The rules and listeners of *template* by which traffic is shifted, by logical id."""
    found: dict[str, Shifted] = {}
    for service in template.of_type(SERVICE):
        if strategy_of(service) not in SHIFTS:
            continue
        for one in balanced(service):
            advanced = one.get("AdvancedConfiguration") if isinstance(one, dict) else None
            if not isinstance(advanced, dict):
                continue
            for key, is_test in _RULES.items():
                route = template.target(advanced.get(key))
                if route is not None and route.type in ACTIONS:
                    found.setdefault(route.id, Shifted(service.id, is_test))
    return found


def sends_weights(change: ResourceChange) -> bool:
    """Whether a deploy with this *change* of a rule or listener writes its weights again."""
    return (
        change.action is Action.MODIFY
        and change.replacement is not Replacement.YES
        and any(one.noise in _SENDS for one in change.properties)
    )


def written_weights(route: Resource) -> list[tuple[Any, float]] | None:
    """Each target group (as the template names it) with its weight; None where not known."""
    forwards = [
        one
        for one in as_items(at(route, ACTIONS[route.type]))
        if isinstance(one, dict) and one.get("Type") == "forward"
    ]
    if len(forwards) != 1:
        return None
    [forward] = forwards
    if "ForwardConfig" not in forward:
        return [(forward.get("TargetGroupArn"), 1)]
    config = forward["ForwardConfig"]
    groups = config.get("TargetGroups") if isinstance(config, dict) else None
    found = [
        (one.get("TargetGroupArn"), finite(one.get("Weight", 1)))
        for one in as_items(groups)
        if isinstance(one, dict)
    ]
    known = [(group, weight) for group, weight in found if weight is not None]
    return known if known and len(known) == len(found) else None


class Rewritten(Struct, frozen=True, kw_only=True):
    """A rule or listener whose weights a deploy writes again, though ECS moves them.

    ``fresh`` are the target groups of it that the deploy makes, by logical id.
    """

    route: Resource
    shifted: Shifted
    fresh: tuple[str, ...]


def rewritten(subject: Subject) -> Iterator[Rewritten]:
    """Those of the template: by which traffic is shifted already, and that the deploy changes."""
    before = shifted_routes(subject.before)
    for route_id, shifted in shifted_routes(subject.after).items():
        change, route = subject.by_id.get(route_id), subject.after.resources[route_id]
        if route_id in before and change is not None and sends_weights(change):
            groups = (referenced(group) for group, _ in written_weights(route) or ())
            fresh = tuple(one for one in groups if one is not None and _is_fresh(subject, one))
            yield Rewritten(route=route, shifted=shifted, fresh=fresh)


def weights(subject: Subject) -> Iterator[Finding]:
    """A finding for each rule whose weights this deploy writes again, though ECS moves them.

    Where a live stack shows that it would lead to no task, the pre-flight of the deploy says so,
    with what it saw.
    """
    live = subject.pair.live
    for one in rewritten(subject):
        stay = live.weights.get(one.route.id) if live is not None else None
        if one.fresh:
            yield _empty(one)
        elif stay:
            yield _calm(one)
        elif stay is None:
            yield _open(one)


def _empty(one: Rewritten) -> Finding:
    return Finding(
        kind="downtime",
        weight=Weight.APPROVAL,
        text=f"{one.route.id}: {_requests(one)} may get 503 until the new tasks of "
        f"{one.shifted.service} are healthy: it leads to {listed(one.fresh)}, empty at first",
        details=("deploy it when there is little traffic",),
        about=(one.route.id, one.shifted.service, *one.fresh),
    )


def _calm(one: Rewritten) -> Finding:
    return Finding(
        kind="rollout",
        weight=Weight.CALM,
        text=f"{one.route.id}: this deploy writes its weights as they are: {_requests(one)} stay "
        f"where the tasks of {one.shifted.service} are",
        about=(one.route.id, one.shifted.service),
    )


def _open(one: Rewritten) -> Finding:
    groups = written_weights(one.route) or ()
    said = listed([f"{spoken(group)} {weight:g}" for group, weight in groups])
    return Finding(
        kind="downtime",
        weight=Weight.APPROVAL,
        text=f"{one.route.id}: this deploy writes its weights as in the template"
        f"{f', {said}' if said else ''}: if the tasks of {one.shifted.service} are in the other "
        f"target group now, {_requests(one)} go to an empty one",
        details=(
            "each deployment of the service moves its tasks to the other target group",
            "if so, deploy a new version once without this change, and then with it",
        ),
        about=(one.route.id, one.shifted.service),
    )


def _requests(one: Rewritten) -> str:
    return "test requests" if one.shifted.is_test else "requests"


def _is_fresh(subject: Subject, group: str) -> bool:
    """Whether a target group of the template is made, or may be, by this deploy."""
    return group in subject.after.resources and (
        group not in subject.before.resources or subject.is_replaced(group)
    )
