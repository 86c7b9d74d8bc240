"""Weights that ECS moved, and that this deploy would write again as in the template.

Source: Elastic Load Balancing API Reference, DescribeRules and DescribeListeners (ForwardConfig:
the target groups of an action with their weights).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ecs_blocks.checks.model import Template, referenced
from ecs_blocks.checks.views.balancers import LISTENER_RULE
from ecs_blocks.deploy.preflight.ask import ask
from ecs_blocks.deploy.preflight.finding import Gap, fact, problem, skipped, warning
from ecs_blocks.deploy.preflight.subject import Running
from ecs_blocks.deploy.preflight.template import items, part, text
from ecs_blocks.review.impact.phrases import listed
from ecs_blocks.review.impact.weights import (
    Shifted,
    sends_weights,
    shifted_routes,
    written_weights,
)
from ecs_blocks.review.model import Replacement

if TYPE_CHECKING:
    from ecs_blocks.checks.model import Resource
    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

Shares = Mapping[str, float]
"""What part of the requests each target group gets, by its ARN; those that get none are not in."""
_TASKS: Final = "which target group has the tasks"


class Seen(Struct, frozen=True, kw_only=True):
    """A rule or listener that a deploy writes again: what it says *now*, and what it will."""

    route: str
    shifted: Shifted
    now: Shares
    written: Shares

    @property
    def stays(self) -> bool:
        """Whether the deploy writes what is there."""
        return self.now.keys() == self.written.keys() and all(
            abs(self.now[one] - self.written[one]) < 1e-6 for one in self.now
        )


def check(aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every rule and listener by which ECS shifts traffic, and that this deploy changes."""
    if isinstance(subject.running, Gap):
        yield skipped(_TASKS, subject.running)
    for one in seen(aws, subject):
        yield _judged(subject, one) if isinstance(one, Seen) else one


def weights_that_stay(aws: Aws, subject: Subject) -> dict[str, bool]:
    """Of each rule or listener that could be read: whether the deploy writes what is there."""
    return {one.route: one.stays for one in seen(aws, subject) if isinstance(one, Seen)}


def seen(aws: Aws, subject: Subject) -> Iterator[Seen | Finding]:
    """The rules and listeners whose weights are written again, or why one could not be read.

    Those are left out that lead to a target group which is new with this deploy: there it is not
    the weights that decide.
    """
    running = subject.running
    if not isinstance(running, Running):
        return
    after = Template(subject.template)
    for route_id, shifted in shifted_routes(Template(running.template)).items():
        change, route = running.changes.get(route_id), after.resources.get(route_id)
        if route is None or change is None or not sends_weights(change):
            continue
        written = _written(subject, running, route)
        now = _now(aws, route.type, subject.physical_id(route_id)) if written else {}
        if isinstance(now, Gap):
            yield skipped(f"{_TASKS} of {shifted.service}", now)
        elif now:
            yield Seen(route=route_id, shifted=shifted, now=now, written=written)


def _judged(subject: Subject, one: Seen) -> Finding:
    shifted, now = one.shifted, _told(subject, one.now)
    if one.stays:
        return fact(one.route, f"changes, and keeps its weights: {now}")
    written = _told(subject, one.written)
    text_ = f"this deploy changes it, and so writes its weights again: {written}; now it is {now}"
    if shifted.is_test:
        return warning(one.route, f"{text_}: test requests get no answer until the next deployment")
    return problem(
        one.route,
        f"{text_}, where the tasks of {shifted.service} are: requests would go to a target group "
        "without tasks",
        f"deploy a new version once without the change of {one.route}, which moves the tasks to "
        "the other target group; then deploy the change",
    )


def _written(subject: Subject, running: Running, route: Resource) -> Shares:
    """Empty where it is not known, or where a target group is not there yet, or is replaced."""
    found: dict[str, float] = {}
    for group, weight in written_weights(route) or ():
        name = referenced(group) or ""
        change = running.changes.get(name)
        arn = subject.physical_id(name) if name else text(group)
        if not arn or (change is not None and change.replacement is not Replacement.NO):
            return {}
        found[arn] = weight
    return _shares(found)


def _now(aws: Aws, type_: str, arn: str) -> Shares | Gap:
    """What the rule or listener says; empty where it does something else than forward."""
    client = aws.client("elbv2")
    answer: Any
    if type_ == LISTENER_RULE:
        key, actions = "Rules", "Actions"
        permission = "elasticloadbalancing:DescribeRules"
        answer = ask(permission, client.describe_rules, RuleArns=[arn])
    else:
        key, actions = "Listeners", "DefaultActions"
        permission = "elasticloadbalancing:DescribeListeners"
        answer = ask(permission, client.describe_listeners, ListenerArns=[arn])
    if isinstance(answer, Gap):
        return answer
    found: dict[str, float] = {}
    for route in answer.get(key, ()):
        for action in route.get(actions, ()):
            if action.get("Type") != "forward":
                continue  # before it, somebody may have to log in
            groups = items(part(action, "ForwardConfig").get("TargetGroups"))
            for one in groups or [action]:
                found[text(one.get("TargetGroupArn"))] = float(one.get("Weight", 1))
    return _shares(found)


def _shares(weights: Mapping[str, float]) -> Shares:
    whole = sum(weights.values())
    return {arn: weight / whole for arn, weight in weights.items() if arn and weight}


def _told(subject: Subject, shares: Shares) -> str:
    """``all to Group``, ``90 % to Group and 10 % to Alternate``."""
    names = {one.physical_id: one.logical_id for one in subject.resources.values()}
    found = [(names.get(arn, arn), share) for arn, share in shares.items()]
    if len(found) == 1:
        return f"all to {found[0][0]}"
    return listed([f"{share:.0%} to {name}".replace("%", " %") for name, share in found])
