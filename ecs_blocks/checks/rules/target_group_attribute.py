"""A target group attribute that AWS does not know, or a value out of its range, fails the deploy.

Which attributes there are depends on the kind of load balancer, and that on the target group's
protocol: HTTP and HTTPS belong to Application Load Balancers, GENEVE to gateways, the others to
Network Load Balancers. A Lambda function has no deregistration delay.

Source: Elastic Load Balancing API Reference, TargetGroupAttribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.facts.attribute_forms import attribute_faults
from ecs_blocks.checks.facts.balancer_attributes import STICKINESS_TYPES, TARGET_GROUP_ATTRIBUTES
from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import APPLICATION, TARGET_GROUP, kind_for
from ecs_blocks.checks.views.parts import Part, each, parts, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "TargetGroupAttributes"
_DELAY: Final = "deregistration_delay.timeout_seconds"


def _judge(group: Resource, _template: Template) -> Iterator[Fault]:
    to_function = whole(group).get("TargetType") == "lambda"
    kind = APPLICATION if to_function else kind_for(text(whole(group).get("Protocol")))

    def special(one: Part) -> Iterator[Fault]:
        key = text(one.get("Key"))
        if to_function and key == _DELAY:
            yield Fault(one.at("Key"), f"{key} does not exist for a Lambda function")
        if key == "stickiness.type" and kind is not None:
            value, own = text(one.raw("Value")), STICKINESS_TYPES[kind]
            if value in TARGET_GROUP_ATTRIBUTES[key].words and value not in own:
                message = f"{key} is {value!r}; with {kind} load balancers: {' or '.join(own)}"
                yield Fault(one.at("Value"), message)

    yield from each(parts(group, _PLACE), special)
    yield from attribute_faults(parts(group, _PLACE), TARGET_GROUP_ATTRIBUTES, kind)


CHECK = Check(
    id="EB506",
    title="target group attribute is not one that AWS takes",
    types=(TARGET_GROUP,),
    severity=Severity.ERROR,
    fix="use the name and a value that the message gives",
    judge=_judge,
)
