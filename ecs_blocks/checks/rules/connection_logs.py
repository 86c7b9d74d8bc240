"""Connections that fail before there is a request stand in the connection logs only.

A client that cannot agree on a TLS version, or whose certificate is refused, never appears in the
access logs. Before a TLS policy is tightened, these logs show who would be locked out.

Set ``connection_logs.s3.enabled`` to ``"true"`` and ``connection_logs.s3.bucket``. Only Application
Load Balancers have them.

Source: Elastic Load Balancing, "Connection logs for your Application Load Balancer".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancer_logs import log_faults
from ecs_blocks.checks.views.balancers import APPLICATION, LOAD_BALANCER, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(balancer: Resource, _template: Template) -> Iterator[Fault]:
    if kind_of(balancer) == APPLICATION:
        yield from log_faults(balancer, "connection_logs.s3", "failed handshakes leave no trace")


CHECK = Check(
    id="EB503",
    title="load balancer keeps no connection logs",
    types=(LOAD_BALANCER,),
    severity=Severity.WARNING,
    fix="set connection_logs.s3.enabled to true and connection_logs.s3.bucket to a log bucket",
    judge=_judge,
)
