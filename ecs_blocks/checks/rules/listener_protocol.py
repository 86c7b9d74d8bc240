"""A listener, its load balancer and its target groups must speak protocols that go together.

An Application Load Balancer listens with HTTP or HTTPS and forwards to target groups of these. A
Network Load Balancer listens with TCP, TLS, UDP, TCP_UDP, QUIC or TCP_QUIC; TCP and TLS cannot go
to a UDP target group, UDP only to UDP or TCP_UDP, and TCP_UDP only to TCP_UDP. AWS refuses the
listener or the rule otherwise.

Source: Elastic Load Balancing API Reference, CreateListener and CreateTargetGroup (Protocol);
"Listeners for your Network Load Balancers".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import (
    LISTENER,
    LISTENER_RULE,
    TARGET_GROUP,
    actions,
    balancer_of,
    kind_for,
    kind_of,
    listener_of,
    target_groups,
)
from ecs_blocks.checks.views.parts import Part, each, elsewhere, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACCEPTED: Final = {
    "HTTP": ("HTTP", "HTTPS"),
    "HTTPS": ("HTTP", "HTTPS"),
    "TCP": ("TCP", "TLS", "TCP_UDP"),
    "TLS": ("TCP", "TLS", "TCP_UDP"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
    "TCP_QUIC": ("TCP_QUIC",),
}
"""The target group protocols by the listener's; where AWS is vague, more rather than fewer."""


def _judge(route: Resource, template: Template) -> Iterator[Fault]:
    listener = listener_of(route, template)
    if listener is None:
        return
    with elsewhere("Protocol" if route is listener else "ListenerArn"):
        protocol = text(whole(listener).get("Protocol"))

    def group(one: tuple[str, Any]) -> Iterator[Fault]:
        place, given = one
        found = template.target(given)
        if found is not None and found.type == TARGET_GROUP:
            with elsewhere(place):
                yield from _group(place, protocol, found)

    def action(one: Part) -> Iterator[Fault]:
        yield from each(target_groups(one), group)

    if route is listener:
        yield from _kind(listener, protocol, template)
    yield from each(actions(route), action)


def _kind(listener: Resource, protocol: str, template: Template) -> Iterator[Fault]:
    balancer, needed = balancer_of(listener, template), kind_for(protocol)
    if balancer is None or needed is None:
        return
    with elsewhere("LoadBalancerArn"):
        kind = kind_of(balancer)
    if kind != needed:
        message = f"{balancer.id} is of type {kind}; {protocol} needs {needed}"
        yield Fault("Protocol", message)


def _group(place: str, protocol: str, group: Resource) -> Iterator[Fault]:
    accepted = _ACCEPTED.get(protocol, ())
    if whole(group).get("TargetType") == "lambda":
        if accepted and "HTTP" not in accepted:
            yield Fault(place, f"{group.id} is a Lambda function; {protocol} cannot go to one")
        return
    given = text(whole(group).get("Protocol"))
    if accepted and given and given not in accepted:
        message = f"{protocol} cannot go to {group.id}, which has {given}"
        yield Fault(place, f"{message}; allowed: {', '.join(accepted)}")


CHECK = Check(
    id="EB523",
    title="listener and target group speak different protocols",
    types=(LISTENER, LISTENER_RULE),
    severity=Severity.ERROR,
    fix="give the listener and the target group protocols that go together",
    judge=_judge,
)
