"""Whether a stack's services run what the stack says, those of its nested stacks too.

That CloudFormation is content proves nothing: an ECS circuit breaker may go back to the version
before while the stack is complete. Source: aws/containers-roadmap #1369.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecs_blocks.deploy.cloudformation.stack import (
    living,
    name_in,
    read_resources,
    read_stack,
    read_template,
)
from ecs_blocks.deploy.ecs.verify import ExpectedService, Verdict, verify_services
from ecs_blocks.templates.resolve import Values, resolve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ecs_blocks.deploy.aws import Aws

VERIFY_S: Final = 900.0
"""So long services have to be as they should, where nobody says another time."""
_SERVICE: Final = "AWS::ECS::Service"
_NESTED: Final = "AWS::CloudFormation::Stack"
_REVISION: Final = re.compile(r"arn:[^:]+:ecs:[^:]*:[0-9]*:task-definition/[^:]+:[0-9]+")
_ATTRIBUTES: Final = ("Arn", "TaskDefinitionArn")
"""Attributes that name the resource itself, as its physical id does."""


def task_definitions(template: Mapping[str, Any]) -> dict[str, str]:
    """The logical id of each ECS service, with that of its task definition in the same template."""
    found = {}
    for name, resource in _resources(template).items():
        if resource.get("Type") == _SERVICE:
            found[name] = _referred(_property(resource, "TaskDefinition"))
    return found


def verified(
    aws: Aws,
    stack_id: str,
    template: Mapping[str, Any],
    timeout_s: float,
    skipped: Collection[str] = (),
) -> list[Verdict]:
    """Whether each service of a stack runs the task definition that the stack made.

    Those *skipped* (logical ids; of a nested stack, all in it) are other than the stack says, and
    are not asked about.

    Raises:
        DeployError: AWS did not answer.
    """
    services = expected_services(aws, stack_id, template)
    asked_about = [one for one in services if not _is_in(one.logical_id, skipped)]
    return list(verify_services(aws, asked_about, timeout_s))


def _is_in(path: str, skipped: Collection[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in skipped)


def expected_services(
    aws: Aws, stack_id: str, template: Mapping[str, Any]
) -> list[ExpectedService]:
    """The services of a stack and of those nested in it (``Child.Service``), as it made them.

    Raises:
        DeployError: AWS did not answer.
    """
    return list(_expected(aws, stack_id, template, ""))


def cluster_in_stack(aws: Aws, stack_id: str, logical_id: str) -> str:
    """The cluster that a stack gives one of its services; empty where it does not say.

    It is asked for a service whose ARN is of the old format, which does not name the cluster.

    Raises:
        DeployError: AWS did not answer.
    """
    template = read_template(aws, stack_id, name_in(stack_id))
    resource = _resources(_with_values(aws, stack_id, template)).get(logical_id)
    value = _property(resource or {}, "Cluster")
    made = living(read_resources(aws, stack_id)) if isinstance(value, dict) else []
    return _cluster(resource, {one.logical_id: one.physical_id for one in made})


def _expected(
    aws: Aws, stack_id: str, template: Mapping[str, Any], path: str
) -> Iterator[ExpectedService]:
    kinds = {str(one.get("Type", "")) for one in _resources(template).values()}
    if not kinds & {_SERVICE, _NESTED}:
        return
    made = living(read_resources(aws, stack_id))
    physical = {one.logical_id: one.physical_id for one in made}
    resources = _resources(_with_values(aws, stack_id, template))
    for one in made:
        if one.type == _NESTED:
            nested = read_template(aws, one.physical_id, one.logical_id)
            yield from _expected(aws, one.physical_id, nested, f"{path}{one.logical_id}.")
        elif one.type == _SERVICE:
            resource = resources.get(one.logical_id)
            yield ExpectedService(
                f"{path}{one.logical_id}",
                one.physical_id,
                _task_definition(resource, physical),
                _cluster(resource, physical),
            )


def _with_values(aws: Aws, stack_id: str, template: Mapping[str, Any]) -> Mapping[str, Any]:
    """*template* with the stack's values, where a service needs more than a plain reference."""
    values = [
        _property(one, name)
        for one in _resources(template).values()
        if one.get("Type") == _SERVICE
        for name in ("TaskDefinition", "Cluster")
    ]
    known = _resources(template)
    if all(isinstance(one, str) or one is None or _referred(one) in known for one in values):
        return template
    stack = read_stack(aws, stack_id)
    if stack is None:
        return template
    _, partition, _, region, account, _ = stack_id.split(":", maxsplit=5)
    pseudo = {
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::AccountId": account,
        "AWS::StackName": name_in(stack_id),
        "AWS::StackId": stack_id,
    }
    return resolve(template, Values(parameters=stack.parameters, pseudo=pseudo))


def _task_definition(resource: Mapping[str, Any] | None, physical: Mapping[str, str]) -> str:
    """The ARN of the revision that the stack gives a service; empty where that is not certain."""
    value = _property(resource or {}, "TaskDefinition")
    found = value if isinstance(value, str) else physical.get(_referred(value), "")
    return found if _REVISION.fullmatch(found) else ""


def _cluster(resource: Mapping[str, Any] | None, physical: Mapping[str, str]) -> str:
    if resource is None:
        return ""
    value = _property(resource, "Cluster")
    if value is None:
        return "default"  # as the documentation of AWS::ECS::Service has it
    return value if isinstance(value, str) else physical.get(_referred(value), "")


def _referred(value: object) -> str:
    """The logical id of the resource that a reference means; empty for anything else."""
    match value:
        case {"Ref": str() as name}:
            return name
        case {"Fn::GetAtt": [str() as name, str() as attribute]} if attribute in _ATTRIBUTES:
            return name
        case {"Fn::GetAtt": str() as text} if text.partition(".")[2] in _ATTRIBUTES:
            return text.partition(".")[0]
    return ""


def _property(resource: Mapping[str, Any], name: str) -> Any:
    properties = resource.get("Properties")
    return properties.get(name) if isinstance(properties, dict) else None


def _resources(template: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The template's resources; what a macro would make of it is not among them."""
    found = template.get("Resources") or {}
    return {name: one for name, one in found.items() if isinstance(one, dict)}
