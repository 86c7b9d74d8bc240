"""Questions that several checks ask of load balancers, listeners, rules and target groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Resource, Unknown, attributes, is_true
from ecs_blocks.checks.views.parts import Part, parts, text, whole
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.checks.model import Template

LOAD_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
LISTENER_RULE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"
TARGET_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"

APPLICATION: Final = "application"
NETWORK: Final = "network"
GATEWAY: Final = "gateway"
_KINDS: Final = {
    "HTTP": APPLICATION,
    "HTTPS": APPLICATION,
    "TCP": NETWORK,
    "TLS": NETWORK,
    "UDP": NETWORK,
    "TCP_UDP": NETWORK,
    "QUIC": NETWORK,
    "TCP_QUIC": NETWORK,
    "GENEVE": GATEWAY,
}


def kind_of(balancer: Resource) -> str:
    """``application``, ``network`` or ``gateway``."""
    return text(whole(balancer).get("Type", APPLICATION))


def kind_for(protocol: str) -> str | None:
    """The kind of load balancer that listens or forwards with this protocol."""
    return _KINDS.get(protocol)


def is_internet_facing(balancer: Resource) -> bool:
    """Whether the load balancer has public addresses; AWS's default where nothing is said."""
    return text(whole(balancer).get("Scheme", "internet-facing")) == "internet-facing"


def is_switched_on(balancer: Resource, key: str) -> bool:
    """Whether the load balancer's attribute *key* is true.

    Raises:
        Unknown: its value, or the list of attributes, is not known.
    """
    value = attributes(balancer, "LoadBalancerAttributes").get(key)
    if is_intrinsic(value):
        raise Unknown(f"LoadBalancerAttributes.{key}")
    return is_true(value)


def balancer_of(listener: Resource, template: Template) -> Resource | None:
    """The load balancer of *listener*, where it is a resource of this template."""
    found = template.target(listener.raw("LoadBalancerArn"))
    return found if found is not None and found.type == LOAD_BALANCER else None


def listener_of(route: Resource, template: Template) -> Resource | None:
    """The listener of a rule, or *route* itself if it is one; None if not in this template."""
    if route.type == LISTENER:
        return route
    found = template.target(route.raw("ListenerArn"))
    return found if found is not None and found.type == LISTENER else None


def actions(route: Resource) -> Iterator[Part]:
    """The actions of a listener or of a listener rule."""
    return parts(route, "DefaultActions" if route.type == LISTENER else "Actions")


def target_groups(action: Part) -> Iterator[tuple[str, Any]]:
    """Each target group that *action* forwards to: its path and what stands there."""
    if action.raw("TargetGroupArn") is not None:
        yield action.at("TargetGroupArn"), action.raw("TargetGroupArn")
    for weighted in action.items("ForwardConfig.TargetGroups"):
        yield weighted.at("TargetGroupArn"), weighted.raw("TargetGroupArn")
