"""A health check must end before the next one begins.

Elastic Load Balancing refuses a target group whose timeout is not below its interval: "Health check
interval must be greater than the timeout". For the protocols of a Network Load Balancer the two may
be equal. What is left out counts too: the interval is 30 seconds then, and the timeout 5 for HTTP
and HTTPS, so an interval of 5 alone is refused.

Lower ``HealthCheckTimeoutSeconds``, or raise ``HealthCheckIntervalSeconds``.

Source: Elastic Load Balancing API Reference, CreateTargetGroup; aws/aws-cdk issue 16446;
terraform-linters/tflint-ruleset-aws issue 404.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template
from ecs_blocks.checks.views.balancers import APPLICATION, TARGET_GROUP, kind_for
from ecs_blocks.checks.views.parts import Part, number, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT: Final = "HealthCheckTimeoutSeconds"
_INTERVAL: Final = "HealthCheckIntervalSeconds"


def _judge(resource: Resource, _template: Template) -> Iterator[Fault]:
    group = whole(resource)
    if group.raw(_TIMEOUT) is None and group.raw(_INTERVAL) is None:
        return
    usual = _defaults(group)
    interval = number(group.get(_INTERVAL, usual[0]))
    timeout = number(group.get(_TIMEOUT, usual[1]))
    if interval is None or timeout is None or timeout < interval:
        return
    if timeout == interval and not _is_strict(group):
        return
    left_out = _TIMEOUT if group.raw(_TIMEOUT) is None else _INTERVAL
    note = f" ({left_out} is left out)" if group.raw(left_out) is None else ""
    message = f"a check may take {timeout:g} seconds, and the next begins after {interval:g}{note}"
    yield Fault(_INTERVAL if left_out == _TIMEOUT else _TIMEOUT, message)


def _is_strict(group: Part) -> bool:
    kind = kind_for(text(group.get("Protocol")))
    return kind == APPLICATION or group.get("TargetType") == "lambda"


def _defaults(group: Part) -> tuple[int, int]:
    """The interval and the timeout that AWS takes where none is given."""
    protocol = text(group.get("Protocol"))
    if group.get("TargetType") == "lambda":
        return 35, 30
    if protocol == "GENEVE":
        return 10, 5
    if kind_for(protocol) == APPLICATION:
        return 30, 5
    return 30, 6 if group.get("HealthCheckProtocol") == "HTTP" else 10


CHECK = Check(
    id="EB524",
    title="health check takes longer than its interval",
    types=(TARGET_GROUP,),
    severity=Severity.ERROR,
    fix="set HealthCheckTimeoutSeconds below HealthCheckIntervalSeconds",
    judge=_judge,
)
