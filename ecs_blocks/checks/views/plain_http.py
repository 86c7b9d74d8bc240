"""Which actions of an HTTP listener let a request through unencrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Fault, Resource, Unknown
from ecs_blocks.checks.views.balancers import (
    LISTENER,
    actions,
    balancer_of,
    is_internet_facing,
    listener_of,
)
from ecs_blocks.checks.views.parts import Part, each, elsewhere, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Template


def plain_faults(route: Resource, template: Template) -> tuple[list[Fault], Resource | None]:
    """The faults of a listener or rule that serves plain HTTP, and its load balancer if known.

    Raises:
        Unknown: the listener of a rule is not in this template, or its protocol is not known.
    """
    listener = listener_of(route, template)
    if listener is None:
        raise Unknown("ListenerArn")
    with elsewhere("Protocol" if listener is route else "ListenerArn"):
        protocol = whole(listener).get("Protocol")
    if protocol != "HTTP":
        return [], None
    return list(each(actions(route), _action)), balancer_of(listener, template)


def is_public(route: Resource, balancer: Resource) -> bool:
    """Whether the load balancer that *route* belongs to has public addresses."""
    with elsewhere(balancer_place(route)):
        return is_internet_facing(balancer)


def balancer_place(route: Resource) -> str:
    """The property of *route* that leads to its load balancer."""
    return "LoadBalancerArn" if route.type == LISTENER else "ListenerArn"


def _action(action: Part) -> Iterator[Fault]:
    kind = text(action.get("Type"))
    if kind == "forward":
        yield Fault(action.at("Type"), "requests are forwarded from plain HTTP")
    if kind == "redirect":
        target = text(action.get("RedirectConfig.Protocol", "#{protocol}"))
        if target != "HTTPS":
            place = action.at("RedirectConfig.Protocol")
            yield Fault(place, f"the redirect goes to {target!r}, which stays plain HTTP")
