"""Whether a first deploy that fails could be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.preflight.finding import warning
from ecs_blocks.deploy.preflight.template import is_true, items, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.preflight.finding import Finding
    from ecs_blocks.deploy.preflight.subject import Subject

_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_PROTECTION: Final = "deletion_protection.enabled"


def check(_aws: Aws, subject: Subject) -> Iterator[Finding]:
    """Every load balancer of a new stack: no rollback can delete a protected one."""
    if subject.resources:
        return
    for logical_id, properties in subject.of_type(_BALANCER):
        on = {one.get("Key"): one.get("Value") for one in _attributes(properties)}
        if not is_true(on.get(_PROTECTION)):
            continue
        key = protection_parameter(part(subject.written, "Resources", logical_id, "Properties"))
        without = f"deploy the first time with --set {key}=false" if key else "begin without it"
        yield warning(
            logical_id,
            "it is protected from deletion: if this first deploy fails, CloudFormation cannot "
            f"take it back, and the stack stays for you to clean up; {without}",
        )


def protection_parameter(properties: Mapping[str, Any]) -> str:
    """The parameter that switches the protection of a load balancer, by its *properties*.

    Empty where none does.
    """
    for one in _attributes(properties):
        match one:
            case {"Key": "deletion_protection.enabled", "Value": {"Ref": str() as key}}:
                return key
    return ""


def _attributes(properties: Mapping[str, Any]) -> list[dict[str, Any]]:
    return items(properties.get("LoadBalancerAttributes"))
