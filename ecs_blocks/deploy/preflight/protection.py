"""Whether a first deploy that fails could be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecs_blocks.deploy.preflight.finding import warning
from ecs_blocks.deploy.preflight.template import is_true

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


def check(_aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every load balancer of a new stack: no rollback can delete a protected one."""
    if subject.resources:
        return
    for logical_id, properties in subject.of_type(_BALANCER):
        attributes = properties.get("LoadBalancerAttributes") or ()
        on = {item.get("Key"): item.get("Value") for item in attributes if isinstance(item, dict)}
        if is_true(on.get("deletion_protection.enabled")):
            yield warning(
                logical_id,
                "it is protected from deletion: if this first deploy fails, CloudFormation cannot "
                "take it back, and the stack stays for you to clean up; deploy the first time with "
                "--set DeletionProtection=false",
            )
