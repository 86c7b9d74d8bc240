"""Plain HTTP inside the network is readable for everything else that stands in it.

It is less bad than in public, and mostly there because internal names had no certificate. AWS
Private CA, or a public certificate for an internal name, gives them one.

Let the HTTP listener redirect to HTTPS. A listener whose load balancer is not in the template is
judged here as well, for it is at least that; public load balancers are judged by EB508.

Source: AWS Security Hub, control ELB.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import LISTENER, LISTENER_RULE
from ecs_blocks.checks.views.plain_http import is_public, plain_faults

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(route: Resource, template: Template) -> Iterator[Fault]:
    faults, balancer = plain_faults(route, template)
    if faults and (balancer is None or not is_public(route, balancer)):
        yield from faults


CHECK = Check(
    id="EB509",
    title="internal listener serves plain HTTP",
    types=(LISTENER, LISTENER_RULE),
    severity=Severity.WARNING,
    fix="redirect HTTP to HTTPS, and forward from the HTTPS listener",
    judge=_judge,
)
