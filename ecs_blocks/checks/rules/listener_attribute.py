"""A listener attribute that AWS does not know, or a value out of its range, fails the deploy.

The long names of the response headers (``routing.http.response.…``) are easily mistyped, and a
security header that is not set looks like one that is until somebody looks at a response.

Source: Elastic Load Balancing API Reference, ListenerAttribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.facts.attribute_forms import attribute_faults
from ecs_blocks.checks.facts.balancer_attributes import LISTENER_ATTRIBUTES
from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import LISTENER, balancer_of, kind_for, kind_of
from ecs_blocks.checks.views.parts import elsewhere, parts, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(listener: Resource, template: Template) -> Iterator[Fault]:
    items = list(parts(listener, "ListenerAttributes"))
    if not items:
        return
    balancer = balancer_of(listener, template)
    if balancer is None:
        kind = kind_for(text(whole(listener).get("Protocol")))
    else:
        with elsewhere("LoadBalancerArn"):
            kind = kind_of(balancer)
    yield from attribute_faults(items, LISTENER_ATTRIBUTES, kind)


CHECK = Check(
    id="EB507",
    title="listener attribute is not one that AWS takes",
    types=(LISTENER,),
    severity=Severity.ERROR,
    fix="use the name and a value that the message gives",
    judge=_judge,
)
