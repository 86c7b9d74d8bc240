"""What a public load balancer takes over plain HTTP everybody on the way can read and change.

Passwords, cookies and tokens of the request travel in the open, and the answer can be replaced. A
single link without ``https`` is enough.

Let the HTTP listener redirect to HTTPS (``Protocol: HTTPS``, ``StatusCode: HTTP_301``) or answer
with a fixed response, its rules too, and forward from the HTTPS listener only. Internal load
balancers are judged by EB509.

Source: AWS Security Hub, control ELB.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, Unknown
from ecs_blocks.checks.views.balancers import LISTENER, LISTENER_RULE
from ecs_blocks.checks.views.plain_http import balancer_place, is_public, plain_faults

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(route: Resource, template: Template) -> Iterator[Fault]:
    faults, balancer = plain_faults(route, template)
    if faults and balancer is None:
        raise Unknown(balancer_place(route))
    if faults and balancer is not None and is_public(route, balancer):
        yield from faults


CHECK = Check(
    id="EB508",
    title="public listener serves plain HTTP",
    types=(LISTENER, LISTENER_RULE),
    severity=Severity.ERROR,
    fix="redirect HTTP to HTTPS, and forward from the HTTPS listener",
    judge=_judge,
)
