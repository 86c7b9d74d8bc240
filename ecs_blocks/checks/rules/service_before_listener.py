"""A service that is made before its target group has a listener fails to be made.

CreateService answers "The target group … does not have an associated load balancer". Nothing in the
service refers to the listener or the rule that forwards to the target group, so CloudFormation is
free to make the service first: it works on one day and fails on the next.

Add the listener or the rule to the service's ``DependsOn``. A reference that leads there counts as
well. Where nothing in the template forwards to the target group nothing is judged.

Source: aws/aws-cdk issue 1160; aws-samples/ecs-refarch-cloudformation pull request 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.balancers import LISTENER, LISTENER_RULE, actions, target_groups
from ecs_blocks.checks.views.parts import Part, each, parts
from ecs_blocks.checks.views.references import made_before
from ecs_blocks.checks.views.tasks import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNDECIDED: Final = "Fn::If"


def _judge(service: Resource, template: Template) -> Iterator[Fault]:
    first = made_before(template, service.id)

    def target(one: Part) -> Iterator[Fault]:
        given = one.raw("TargetGroupArn")
        if isinstance(given, dict) and _UNDECIDED in given:
            raise Unknown(one.at("TargetGroupArn"))
        group = template.target(given)
        known, unsure = ([], []) if group is None else _routes_to(group, template)
        if first.intersection(known):
            return
        if first.intersection(unsure) or (unsure and not known):
            raise Unknown(one.at("TargetGroupArn"))
        if known:
            message = f"nothing makes the service wait for {' or '.join(known)}"
            yield Fault("DependsOn", f"{message}, which forwards to its target group")

    yield from each(parts(service, "LoadBalancers"), target)


def _routes_to(group: Resource, template: Template) -> tuple[list[str], list[str]]:
    """The listeners and rules that forward to *group*, and those of which it is not known."""
    known: list[str] = []
    unsure: list[str] = []
    for route in template.of_type(LISTENER, LISTENER_RULE):
        try:
            if any(template.target(one) is group for one in _targets(route)):
                known.append(route.id)
        except Unknown:
            unsure.append(route.id)
    return known, unsure


def _targets(route: Resource) -> Iterator[Any]:
    for action in actions(route):
        for _, given in target_groups(action):
            yield given


CHECK = Check(
    id="EB410",
    title="service may be made before its listener",
    types=(SERVICE,),
    severity=Severity.ERROR,
    fix="add the listener or the listener rule to the service's DependsOn",
    judge=_judge,
)
