"""Delete a stack: first everything that speaks against it, and what will stay behind."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from ecs_blocks.deploy.calls import asked, explained, is_denied, text_of
from ecs_blocks.deploy.cloudformation.events import newest
from ecs_blocks.deploy.cloudformation.stack import (
    StackResource,
    living,
    read_resources,
    template_of,
)
from ecs_blocks.deploy.content import NO_CONTENT, token_on
from ecs_blocks.deploy.errors import DeployError, Exit
from ecs_blocks.deploy.preflight.protection import protection_parameter
from ecs_blocks.deploy.preflight.template import part
from ecs_blocks.deploy.watch import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ecs_blocks.deploy.aws import Aws
    from ecs_blocks.deploy.cloudformation.stack import Stack
    from ecs_blocks.deploy.place import Place

_LOAD_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"


class Deletion(Struct, frozen=True):
    """What a deletion would do. ``obstacles`` are what it would fail on, each with what to do.

    ``kept`` stays in the account, by its deletion policy or on request; ``deleted`` goes.
    ``unknown`` is what could not be found out, for want of a permission.
    """

    deleted: tuple[StackResource, ...]
    kept: tuple[StackResource, ...]
    obstacles: tuple[str, ...]
    unknown: tuple[str, ...]

    def lines(self, stack: Stack) -> list[str]:
        """What will happen, for the one who has to agree."""
        said = [f"{stack.name} ({stack.status}) is deleted, with {len(self.deleted)} resources:"]
        said += [f"  {one.logical_id} ({one.type}) {one.physical_id}" for one in self.deleted]
        if self.kept:
            said.append("These stay in the account, and no stack knows them any more:")
            said += [f"  {one.logical_id} ({one.type}) {one.physical_id}" for one in self.kept]
        return said + [f"not known: {one}" for one in self.unknown]


def deletion_of(aws: Aws, place: Place, stack: Stack, retain: Sequence[str]) -> Deletion:
    """Find out what deleting *stack* means.

    *retain* names resources to leave where they are; CloudFormation takes that only for a stack
    whose deletion has failed.

    Raises:
        DeployError: AWS did not answer, or *retain* cannot be.
    """
    resources = read_resources(aws, stack.stack_id)
    alive = living(resources)
    failed = [one.logical_id for one in resources if one.status == "DELETE_FAILED"]
    wrong = sorted(set(retain) - set(failed))
    if wrong:
        raise DeployError(
            Exit.INPUT,
            f"--retain {' '.join(wrong)}: CloudFormation leaves only what it failed to delete: "
            f"{', '.join(failed) or 'nothing yet'}",
        )
    obstacles, unknown = [], []
    if stack.protected:
        words = "update-termination-protection --no-enable-termination-protection --stack-name"
        command = place.aws_command(aws, f"cloudformation {words} {stack.name}")
        obstacles.append(f"termination protection is on; switch it off on purpose: {command}")
    template = template_of(aws, stack)
    looks = (
        partial(_importers, aws, stack),
        partial(_protected_balancers, aws, place, template, alive),
    )
    for look in looks:
        try:
            obstacles += look()
        except (BotoCoreError, ClientError) as error:
            if not is_denied(error):
                raise explained(error, f"looking what {stack.name} holds") from error
            unknown.append(text_of(error))
    kept = _kept(template) | set(retain)
    return Deletion(
        tuple(one for one in alive if one.logical_id not in kept),
        tuple(one for one in alive if one.logical_id in kept),
        tuple(obstacles),
        tuple(unknown),
    )


def _kept(template: Mapping[str, Any]) -> set[str]:
    """What the template keeps when the stack goes."""
    policies = {
        name: str(one.get("DeletionPolicy", ""))
        for name, one in template.get("Resources", {}).items()
        if isinstance(one, dict)
    }
    return {n for n, policy in policies.items() if policy in ("Retain", "RetainExceptOnCreate")}


def _importers(aws: Aws, stack: Stack) -> list[str]:
    """The stacks that import an export of this one: CloudFormation refuses while they do."""
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


def _protected_balancers(
    aws: Aws, place: Place, template: Mapping[str, Any], alive: Sequence[StackResource]
) -> list[str]:
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


def delete_leftover(aws: Aws, stack: Stack) -> str:
    """Begin the deletion of what a creation left that was rolled back; the operation's token.

    Raises:
        DeployError: CloudFormation refuses.
    """
    token = token_on(NO_CONTENT, stack.stack_id, stack.base)
    asked(
        f"deleting {stack.name}",
        aws.client("cloudformation").delete_stack,
        StackName=stack.stack_id,
        ClientRequestToken=token,
    )
    return token


def start(aws: Aws, stack: Stack, retain: Sequence[str]) -> Operation:
    """Begin the deletion; what to watch.

    Raises:
        DeployError: CloudFormation refuses.
    """
    before = newest(aws, stack.stack_id)
    last = before.event_id if before else ""
    token = token_on(NO_CONTENT, stack.stack_id, f"{stack.base} {last}")
    asked(
        f"deleting {stack.name}",
        aws.client("cloudformation").delete_stack,
        StackName=stack.stack_id,
        ClientRequestToken=token,
        **({"RetainResources": list(retain)} if retain else {}),
    )
    return Operation(stack.name, stack.stack_id, "DELETE", token, after=last)
