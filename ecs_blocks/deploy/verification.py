"""Whether a stack's services run what the stack says.

That CloudFormation is content proves nothing: an ECS circuit breaker may go back to the version
before while the stack is complete. Source: aws/containers-roadmap #1369.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecs_blocks.deploy.ecs.verify import ExpectedService, Verdict, verify_services
from ecs_blocks.deploy.stack import read_resources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecs_blocks.deploy.aws import Aws


def task_definitions(template: Mapping[str, Any]) -> dict[str, str]:
    """The logical id of each ECS service, with that of its task definition in the same template."""
    found = {}
    for name, resource in template.get("Resources", {}).items():
        if resource.get("Type") == "AWS::ECS::Service":
            reference = resource.get("Properties", {}).get("TaskDefinition")
            target = reference.get("Ref") if isinstance(reference, dict) else None
            found[name] = target if isinstance(target, str) else ""
    return found


def verified(
    aws: Aws, stack_id: str, template: Mapping[str, Any], timeout_s: float
) -> list[Verdict]:
    """Whether each service of a stack runs the task definition that the stack made.

    Raises:
        DeployError: AWS did not answer.
    """
    definitions = task_definitions(template)
    if not definitions:
        return []
    physical = {one.logical_id: one.physical_id for one in read_resources(aws, stack_id)}
    expected = [
        ExpectedService(service, physical[service], physical.get(definition, ""))
        for service, definition in definitions.items()
        if physical.get(service)
    ]
    return list(verify_services(aws, expected, timeout_s))
