"""What a deletion would fail on, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from ecs_blocks.deploy.calls import text_of
from ecs_blocks.deploy.preflight.protection import protection_parameter
from ecs_blocks.deploy.preflight.template import part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack, StackResource
    from ecs_blocks.deploy.place import Place

_LOAD_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"


def unprotecting(aws: Aws, place: Place, stack: Stack) -> str:
    """What to type to switch the termination protection of *stack* off."""
    words = "update-termination-protection --no-enable-termination-protection --stack-name"
    return place.aws_command(aws, f"cloudformation {words} {stack.name}")


def importers(aws: Aws, stack: Stack) -> list[str]:
    """The stacks that import an export of this one: CloudFormation refuses while they do.

    Raises:
        ClientError, BotoCoreError: AWS did not say.
    """
    client = aws.client("cloudformation")
    found = []
    for page in client.get_paginator("list_exports").paginate():
        for export in page["Exports"]:
            if export["ExportingStackId"] != stack.stack_id:
                continue
            try:
                users = client.list_imports(ExportName=export["Name"])["Imports"]
            except ClientError as error:
                if "is not imported" in text_of(error):
                    continue
                raise
            if users:
                found.append(f"its export {export['Name']} is used by {', '.join(users)}")
    return found


def protected_balancers(
    aws: Aws, place: Place, template: Mapping[str, Any], alive: Sequence[StackResource]
) -> list[str]:
    """The load balancers among *alive* that are protected, each with how it loses that.

    Raises:
        ClientError, BotoCoreError: AWS did not say.
    """
    client = aws.client("elbv2")
    found = []
    for one in alive:
        if one.type != _LOAD_BALANCER:
            continue
        try:
            attributes = client.describe_load_balancer_attributes(LoadBalancerArn=one.physical_id)
        except client.exceptions.LoadBalancerNotFoundException:
            continue
        on = {item["Key"]: item["Value"] for item in attributes["Attributes"]}
        if on.get("deletion_protection.enabled") == "true":
            way = _way_out(place, part(template, "Resources", one.logical_id, "Properties"))
            found.append(f"{one.logical_id} is protected from deletion; {way}")
    return found


def _way_out(place: Place, properties: Mapping[str, Any]) -> str:
    """How a load balancer loses its protection: by the parameter that gives it, if one does."""
    key = protection_parameter(properties)
    if key:
        return f"deploy it without first: {place.command('deploy', '--set', f'{key}=false')}"
    return f"turn that off in stack.py, and deploy it first: {place.command('deploy')}"
