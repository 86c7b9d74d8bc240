"""An Application Load Balancer passes on malformed headers unless it is told to drop them.

Header names with underscores, spaces or control characters are how requests are smuggled past the
balancer: it and the application read them differently.

Set the attribute ``routing.http.drop_invalid_header_fields.enabled`` to ``"true"``.

Source: AWS Security Hub, control ELB.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import APPLICATION, LOAD_BALANCER, is_switched_on, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY: Final = "routing.http.drop_invalid_header_fields.enabled"


def _judge(balancer: Resource, _template: Template) -> Iterator[Fault]:
    if kind_of(balancer) == APPLICATION and not is_switched_on(balancer, _KEY):
        yield Fault("LoadBalancerAttributes", f"malformed headers are passed on ({_KEY} is off)")


CHECK = Check(
    id="EB501",
    title="load balancer passes on malformed headers",
    types=(LOAD_BALANCER,),
    severity=Severity.WARNING,
    fix=f"set the attribute {_KEY} to true",
    judge=_judge,
)
