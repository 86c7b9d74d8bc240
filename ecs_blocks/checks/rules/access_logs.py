"""Without access logs nobody can say which requests failed, for whom, or who attacked.

An Application Load Balancer writes a line for each request into a bucket; a Network Load Balancer
does it for its TLS listeners, and is judged only where it has one. The bucket must let Elastic Load
Balancing write and must exist before the balancer. Switched on without a bucket the deploy fails.

Set ``access_logs.s3.enabled`` to ``"true"`` and ``access_logs.s3.bucket``.

Source: AWS Security Hub, control ELB.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancer_logs import log_faults
from ecs_blocks.checks.views.balancers import (
    APPLICATION,
    LISTENER,
    LOAD_BALANCER,
    NETWORK,
    balancer_of,
    kind_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def _judge(balancer: Resource, template: Template) -> Iterator[Fault]:
    kind = kind_of(balancer)
    if kind == APPLICATION or (kind == NETWORK and _has_tls(balancer, template)):
        yield from log_faults(balancer, "access_logs.s3", "no request leaves a trace")


def _has_tls(balancer: Resource, template: Template) -> bool:
    return any(
        balancer_of(listener, template) is balancer and listener.raw("Protocol") == "TLS"
        for listener in template.of_type(LISTENER)
    )


CHECK = Check(
    id="EB502",
    title="load balancer keeps no access logs",
    types=(LOAD_BALANCER,),
    severity=Severity.WARNING,
    fix="set access_logs.s3.enabled to true and access_logs.s3.bucket to a log bucket",
    judge=_judge,
)
