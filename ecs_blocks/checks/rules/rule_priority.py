"""A listener cannot have two rules with the same priority.

The second one fails the deploy: "Priority '10' is currently in use". It happens when a rule is
copied; two stacks that share a listener collide in the same way, which no template shows.

Give each rule of a listener a number of its own, with room between them for those to come.

Source: Elastic Load Balancing API Reference, CreateRule (Priority).
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.balancers import LISTENER_RULE
from ecs_blocks.checks.views.parts import number, whole
from ecs_blocks.checks.views.texts import text_of
from ecs_blocks.templates.resolve import is_intrinsic

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "Priority"


def _judge(rule: Resource, template: Template) -> Iterator[Fault]:
    for other in takewhile(lambda one: one is not rule, template.of_type(LISTENER_RULE)):
        if not _same_listener(rule.raw("ListenerArn"), other.raw("ListenerArn"), template):
            continue
        priority = number(whole(rule).get(_PLACE))
        if is_intrinsic(other.raw(_PLACE)):
            raise Unknown(_PLACE)
        if priority is None or priority != number(other.raw(_PLACE)):
            continue
        if other.body.get("Condition") != rule.body.get("Condition"):
            raise Unknown(_PLACE)  # perhaps never both of them
        yield Fault(_PLACE, f"{other.id} has the priority {priority:g} on the same listener")


def _same_listener(one: Any, other: Any, template: Template) -> bool:
    listener = template.target(one)
    if listener is not None:
        return listener is template.target(other)
    text = text_of(one)
    return one is not None and (one == other or (text is not None and text == text_of(other)))


CHECK = Check(
    id="EB525",
    title="two rules of a listener have the same priority",
    types=(LISTENER_RULE,),
    severity=Severity.ERROR,
    fix="give each rule of a listener a priority of its own",
    judge=_judge,
)
