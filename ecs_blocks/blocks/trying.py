"""Where a new version is tried before production: on a port of its own, or by a header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.balancer import Balancer
from ecs_blocks.blocks.load_balancer import BalancerHandle
from ecs_blocks.blocks.network_load_balancer import PROTOCOLS
from ecs_blocks.blocks.security_group import Rule, allow_into
from ecs_blocks.blocks.tried_by_header import TestHeader
from ecs_blocks.errors import BlockError
from ecs_blocks.values import ref

if TYPE_CHECKING:
    from ecs_blocks.blocks.deployment_parts import Exposed, TestListener
    from ecs_blocks.templates.stack import Scope

SHARED: Final = (
    "a test listener would be a port of the shared load balancer, which is changed in its own "
    "stack; take TestHeader, a rule on the listener that production has too"
)
NOT_SHARED: Final = (
    "a test header is for a service behind a shared load balancer; take TestListener, a port that "
    "only those reach whom it names"
)


def is_listener(rule: Any) -> bool:
    """A Network Load Balancer has no rules: there the listener itself takes their place."""
    return isinstance(rule, elb.Listener)


def tried(
    scope: Scope, exposed: Exposed, test: TestListener | TestHeader, weights: Any
) -> tuple[Any, Any]:
    """Add the listener and the rule, or the rule alone, by which the new version is tried.

    Raises:
        BlockError: the balancer is none for such a test.
    """
    shared = isinstance(exposed.balancer, Balancer) and not isinstance(
        exposed.balancer, BalancerHandle
    )
    if isinstance(test, TestHeader):
        if not shared:
            raise BlockError(NOT_SHARED)
        return None, test.rule(scope, exposed.rules[0], weights)
    if exposed.balancer is None:
        raise BlockError("a test listener needs a load balancer of the service's own")
    if shared:
        raise BlockError(SHARED)
    return _test_listener(scope, exposed, test, weights)


def _test_listener(
    scope: Scope, exposed: Exposed, test: TestListener, weights: Any
) -> tuple[Any, Any]:
    """A listener like the one of production on another port, which leads nowhere else."""
    [first] = exposed.rules
    production = first if is_listener(first) else exposed.balancer.https_listener
    if test.port == production.Port:
        raise BlockError(f"port {test.port} is production's; give the test listener another")
    listener = scope.add(
        elb.Listener(scope.id("TestListener"), **{**production.properties, "Port": test.port})
    )
    rule = listener if is_listener(first) else _everything(scope, listener, weights)
    group, protocol = exposed.balancer.security_group, PROTOCOLS.get(production.Protocol, "tcp")
    for number, peer in enumerate(test.ingress, 1):
        allow_into(scope, group, Rule(test.port, peer, protocol), f"TestIngress{number}")
    return listener, rule


def _everything(scope: Scope, listener: Any, weights: Any) -> Any:
    return scope.add(
        elb.ListenerRule(
            scope.id("TestListenerRule"),
            ListenerArn=ref(listener.title),
            Priority=1,
            Conditions=[
                elb.Condition(
                    Field="path-pattern", PathPatternConfig=elb.PathPatternConfig(Values=["/*"])
                )
            ],
            Actions=[weights],
        )
    )
