"""A request header by which the new version is tried, on the listener of production itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.limits import check_block
from ecs_blocks.blocks.routes import HEADER, MAX_VALUES, Allotted, check_priority
from ecs_blocks.errors import BlockError
from ecs_blocks.priorities.bands import values_of
from ecs_blocks.priorities.lock import PENDING
from ecs_blocks.values import Token, Value, known

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

_VALUE: Final = re.compile(r"[ !-)+->@-\[\]-~]{1,128}")


class TestHeader(Struct, frozen=True, kw_only=True):
    """Requests with this header lead to the new version while it is being tested.

    It is what a service behind a shared load balancer has instead of a ``TestListener``: a rule on
    the listener of production, with the conditions of its own rule and one more. Outside of a
    deployment, and before the stage ``POST_TEST_TRAFFIC_SHIFT``, the header changes nothing.

    Attributes:
        value: what the header has to say, to the letter but for the case. Whoever knows it sees
            the new version before others do.
        name: of the header.
        source_ips: ranges of addresses whence such requests may come, ``203.0.113.7/32`` for one;
            by default from anywhere. Behind a CDN those are the addresses of the CDN. Where the
            route has some, they hold for the header too: name them there alone.
        priority: of the rule; by default ``stacks/priorities.lock`` has it, as that of production.

    Source: Amazon ECS Developer Guide, "Application Load Balancer resources for blue/green, linear,
    and canary deployments", the listener rule for header-based routing.
    """

    value: Value[str]
    name: str = "X-Environment"
    source_ips: tuple[Value[str], ...] = ()
    priority: Value[int] | Allotted = Allotted()

    __test__ = False  # pytest takes a class called Test… for one of its own

    def __post_init__(self) -> None:
        if not HEADER.fullmatch(self.name) or self.name.lower() == "host":
            raise BlockError(
                f"{self.name!r} cannot be the test header's name; it is written like X-Environment"
            )
        if (here := known(self.value)) and not _VALUE.fullmatch(str(here[0])):
            raise BlockError(
                f"{here[0]!r} cannot be the test header's value; take 1 to 128 characters of "
                "ASCII, and neither * nor ? nor a backslash: ELB would take them for patterns"
            )
        if not isinstance(self.source_ips, tuple):
            raise BlockError('source_ips is a tuple, like ("10.0.0.0/8",)')
        for block in self.source_ips:
            check_block("the source address", block)
        check_priority(self.priority)

    def rule(self, scope: Scope, production: Any, weights: Any) -> Any:
        """Add the rule beside that of *production*, which does the same with it: *weights*.

        Raises:
            BlockError: *production* leaves no room for the header, or for its addresses.
        """
        if self.source_ips and any(one.Field == "source-ip" for one in production.Conditions):
            raise BlockError(
                "the route and the test header both name source_ips, and a rule takes one such "
                "condition: name them at the route alone"
            )
        conditions = [*production.Conditions, *self._conditions()]
        values = sum(len(values_of(one.to_dict())) for one in conditions)
        if values > MAX_VALUES:
            raise BlockError(
                f"the rule of production and the test header have {values} values together; a rule "
                f"takes {MAX_VALUES}: make the route, or source_ips, narrower"
            )
        return scope.add(
            elb.ListenerRule(
                scope.id("TestListenerRule"),
                ListenerArn=production.ListenerArn,
                Priority=Token(PENDING) if isinstance(self.priority, Allotted) else self.priority,
                Conditions=conditions,
                Actions=[weights],
            )
        )

    def _conditions(self) -> list[Any]:
        header = elb.HttpHeaderConfig(HttpHeaderName=self.name, Values=[self.value])
        found = [elb.Condition(Field="http-header", HttpHeaderConfig=header)]
        if self.source_ips:
            addresses = elb.SourceIpConfig(Values=list(self.source_ips))
            found.append(elb.Condition(Field="source-ip", SourceIpConfig=addresses))
        return found
