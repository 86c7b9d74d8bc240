"""A request header by which the new version is tried, on the listener of production itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from troposphere import elasticloadbalancingv2 as elb

from ecs_blocks.blocks.routes import MAX_VALUES, Allotted
from ecs_blocks.errors import BlockError
from ecs_blocks.priorities.bands import LAST, values_of
from ecs_blocks.priorities.lock import PENDING
from ecs_blocks.values import Token, Value, known

if TYPE_CHECKING:
    from ecs_blocks.templates.stack import Scope

_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'+.^_`|~-]{1,40}")
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
        source_ips: whence such requests may come; by default from anywhere. Behind a CDN those are
            the addresses of the CDN.
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
        if not _NAME.fullmatch(self.name) or self.name.lower() == "host":
            raise BlockError(
                f"{self.name!r} cannot be the test header's name; it is written like X-Environment"
            )
        if (here := known(self.value)) and not _VALUE.fullmatch(str(here[0])):
            raise BlockError(
                f"{here[0]!r} cannot be the test header's value; take 1 to 128 characters of "
                "ASCII, and neither * nor ? nor a backslash: ELB would take them for patterns"
            )
        if isinstance(self.source_ips, str):
            raise BlockError(f"source_ips is a tuple, like ({self.source_ips!r},)")
        number = self.priority
        if isinstance(number, int) and not 1 <= number <= LAST:
            raise BlockError(f"priority is {number}; allowed: 1 to {LAST}")

    def rule(self, scope: Scope, production: Any, weights: Any) -> Any:
        """Add the rule beside that of *production*, which does the same with it: *weights*.

        Raises:
            BlockError: *production* leaves no room for the header.
        """
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
