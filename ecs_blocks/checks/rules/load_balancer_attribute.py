"""A load balancer attribute that AWS does not know, or a value out of its range, fails the deploy.

Attributes are lists of ``Key`` and ``Value``, so neither an editor nor a linter knows their names.
AWS refuses a key with a typing error, a key of another kind of load balancer, and a value that is
not allowed; a boolean is taken for the text that is due.

Source: Elastic Load Balancing API Reference, LoadBalancerAttribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.facts.attribute_forms import attribute_faults
from ecs_blocks.checks.facts.balancer_attributes import LOAD_BALANCER_ATTRIBUTES
from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import LOAD_BALANCER, kind_of
from ecs_blocks.checks.views.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(balancer: Resource, _template: Template) -> Iterator[Fault]:
    items = parts(balancer, "LoadBalancerAttributes")
    yield from attribute_faults(items, LOAD_BALANCER_ATTRIBUTES, kind_of(balancer))


CHECK = Check(
    id="EB505",
    title="load balancer attribute is not one that AWS takes",
    types=(LOAD_BALANCER,),
    severity=Severity.ERROR,
    fix="use the name and a value that the message gives",
    judge=_judge,
)
