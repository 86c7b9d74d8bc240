"""The rules that send requests from a listener to target groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.routes import Allotted, Condition, Route
from ecs_blocks.errors import BlockError
from ecs_blocks.priorities.lock import PENDING
from ecs_blocks.values import Token, Value, ref

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

ONLY: Final = 1
"""The priority of the rule of a balancer that has no other."""


class Feed(Struct, frozen=True, kw_only=True):
    """What is sent to one target group.

    Attributes:
        target_group: where to.
        routes: which requests.
        name: sets the ids of its rules apart from those of the other target groups.
    """

    target_group: Any
    routes: tuple[Route, ...]
    name: str = ""

    def __post_init__(self) -> None:
        if not self.routes:
            raise BlockError("what is behind a load balancer needs a route")


class ListenerRules(Struct, frozen=True, kw_only=True):
    """All rules that a stack has on one listener.

    Attributes:
        listener_arn: of an HTTPS listener.
        feeds: which requests go to which target group.
        host: the name that a route without hosts means.
        shared: whether other stacks have rules on the listener too. Then the priorities stand in
            ``stacks/priorities.lock`` (trap 4); else they come from what the rules match, the
            narrower first. Neither moves when another rule comes.
    """

    listener_arn: Value[str]
    feeds: tuple[Feed, ...]
    host: Value[str]
    shared: bool = False

    def build(self, scope: Scope) -> dict[str, tuple[Any, ...]]:
        """Add the rules, and return them by the name of their feed.

        They are a ``troposphere.elasticloadbalancingv2.ListenerRule`` each.
        """
        rules = [rule for feed in self.feeds for rule in _rules(feed, self.host)]
        numbers = self._numbers(rules)
        made: dict[str, tuple[Any, ...]] = {feed.name: () for feed in self.feeds}
        for rule in rules:
            priority = numbers[rule.title]
            resource = rule.resource(scope.id(rule.title), self.listener_arn, priority)
            made[rule.feed.name] = (*made[rule.feed.name], scope.add(resource))
        return made

    def _numbers(self, rules: list[RuleParts]) -> dict[str, Value[int]]:
        own = {one.title: one.route.priority for one in rules}
        waiting = [title for title, number in own.items() if isinstance(number, Allotted)]
        given = {title: n for title, n in own.items() if not isinstance(n, Allotted)}
        if self.shared:
            return given | dict.fromkeys(waiting, Token(PENDING))
        if len(rules) == 1 and waiting:
            return {waiting[0]: ONLY}
        from ecs_blocks.blocks.own_priorities import own_priorities  # noqa: PLC0415 - few need it

        return given | own_priorities({one.title: one for one in rules})


class RuleParts(Struct, frozen=True):
    """One rule to be: its id without the block's own, and what it matches."""

    title: str
    feed: Feed
    route: Route
    conditions: tuple[Condition, ...]

    def resource(self, title: str, listener_arn: Value[str], priority: Value[int]) -> Any:
        """As the template has it."""
        forward = elb.ListenerRuleAction(
            Type="forward", TargetGroupArn=ref(self.feed.target_group.title)
        )
        actions = [forward]
        if (first := self.route.authentication.action()) is not None:
            forward.Order = 2
            actions = [first, forward]
        return elb.ListenerRule(
            title,
            ListenerArn=listener_arn,
            Priority=priority,
            Conditions=[one.resource() for one in self.conditions],
            Actions=actions,
        )


def _rules(feed: Feed, host: Value[str]) -> list[RuleParts]:
    """The rules of one target group, with their ids."""
    found: list[RuleParts] = []
    counts: dict[str, int] = {}
    for route in feed.routes:
        cut = route.rules(host)
        if len(cut) > 1 and not isinstance(route.priority, Allotted):
            raise BlockError(
                f"a route with a priority of its own would become {len(cut)} rules; make routes "
                "of some of its values, with a priority each"
            )
        for conditions in cut:
            number = counts[route.name] = counts.get(route.name, 0) + 1
            title = f"{feed.name}{route.name}ListenerRule{number if number > 1 else ''}"
            found.append(RuleParts(title, feed, route, conditions))
    return found
