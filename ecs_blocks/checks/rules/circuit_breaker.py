"""Without a circuit breaker a bad deploy goes on starting tasks that fail, for hours.

ECS replaces them again and again, CloudFormation waits up to three hours, and only then is anything
rolled back. With the breaker the deployment fails after a few tasks; with its rollback the version
that ran before comes back by itself.

Set ``DeploymentCircuitBreaker: {Enable: true, Rollback: true}``. It belongs to rolling updates;
blue/green, linear and canary deployments and CodeDeploy have their own ways and are not reported.

Source: Amazon ECS Developer Guide, "How the Amazon ECS deployment circuit breaker detects
failures"; Amazon ECS API Reference, DeploymentCircuitBreaker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecs_blocks.checks.model import Check, Fault, Resource, Severity, Template, is_true
from ecs_blocks.checks.views.tasks import SERVICE, rolls

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "DeploymentConfiguration.DeploymentCircuitBreaker"


def _judge(service: Resource, _template: Template) -> Iterator[Fault]:
    if not rolls(service):
        return
    if not is_true(service.get(f"{_PLACE}.Enable")):
        yield Fault(f"{_PLACE}.Enable", "a deploy that fails is tried again for hours")
    elif not is_true(service.get(f"{_PLACE}.Rollback")):
        yield Fault(f"{_PLACE}.Rollback", "a deploy that fails is not rolled back")


CHECK = Check(
    id="EB402",
    title="no circuit breaker with rollback",
    types=(SERVICE,),
    severity=Severity.WARNING,
    fix="set DeploymentCircuitBreaker to {Enable: true, Rollback: true}",
    judge=_judge,
)
