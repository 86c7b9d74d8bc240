"""Nested stacks: a resource that is a stack, with events and a change set of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.cloudformation.model import ChangeSet, Operation, Stack
from tests.fake_aws.cloudformation.requests import definition
from tests.fake_aws.cloudformation.work import Handler, Work
from tests.fake_aws.errors import AwsError
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from tests.fake_aws.cloudformation.model import Resource
    from tests.fake_aws.world import World

TYPE: Final = "AWS::CloudFormation::Stack"


def request_of(properties: dict[str, Any], parent: Stack) -> dict[str, Any]:
    """What a nested stack's properties ask for."""
    tags = {**parent.definition.tags}
    tags |= {one["Key"]: one["Value"] for one in properties.get("Tags", [])}
    values = properties.get("Parameters", {})
    return {
        "TemplateURL": properties["TemplateURL"],
        "Parameters": [
            {
                "ParameterKey": key,
                "ParameterValue": ",".join(one) if isinstance(one, list) else str(one),
            }
            for key, one in values.items()
        ],
        "Tags": [{"Key": key, "Value": one} for key, one in tags.items()],
        "Capabilities": parent.definition.capabilities,
    }


class NestedStacks(Handler):
    """AWS::CloudFormation::Stack."""

    def create(self, stack: Stack, resource: Resource) -> Work:
        new = definition(self.world, request_of(resource.properties, stack), None)
        cloudformation = self.world.cloudformation
        name = f"{stack.name}-{resource.logical_id}-{self.world.ids.upper(12)}"
        child = cloudformation.stacks.new(name)
        child.parent_id = stack.id
        resource.physical_id = child.id
        cloudformation.operations.create(child, new, stack.operations[-1].token)
        return Child(child, resource, "created")

    def update(self, stack: Stack, resource: Resource, before: dict[str, Any]) -> Work:
        del before
        child = self.world.cloudformation.stacks.get(resource.physical_id)
        new = definition(self.world, request_of(resource.properties, stack), child.definition)
        if not self.world.cloudformation.differs(child, new):
            return self.timed(resource)
        token = stack.operations[-1].token
        self.world.cloudformation.operations.update(child, new, token)
        return Child(child, resource, "updated")

    def delete(self, stack: Stack, resource: Resource) -> Work:
        child = self.world.cloudformation.stacks.get(resource.physical_id)
        token = stack.operations[-1].token
        self.world.cloudformation.operations.delete(child, token, ())
        return Child(child, resource, "deleted")


class Child(Work):
    """Waits for a nested stack."""

    def __init__(self, child: Stack, resource: Resource, verb: str) -> None:
        self._child = child
        self._resource = resource
        self._verb = verb
        self._failed = ""

    def is_over(self) -> bool:
        if not self._failed:
            failures = [one for one in self._child.events if one.logical_id == self._child.name]
            reasons = [one.reason for one in failures if "following resource(s)" in one.reason]
            self._failed = reasons[-1] if reasons and "ROLLBACK" in self._child.status else ""
        if self._child.busy:
            return False
        good = {"created": "CREATE_COMPLETE", "updated": "UPDATE_COMPLETE"}
        if self._child.status == good.get(self._verb, "DELETE_COMPLETE"):
            self._resource.attributes = {
                f"Outputs.{one['OutputKey']}": one["OutputValue"] for one in self._child.outputs
            }
            return True
        reason = self._failed or self._child.reason
        self.failure = (
            f"Embedded stack {self._child.id} was not successfully {self._verb}: {reason}"
        )
        return True


def change_sets(world: World, parent: ChangeSet) -> str:
    """Make the change sets of *parent*'s nested stacks; why one of them failed, or nothing."""
    for change in parent.changes:
        if change["ResourceType"] != TYPE or change["Action"] == "Remove":
            continue
        child = _change_set(world, parent, change)
        world.cloudformation.change_sets.append(child)
        change["ChangeSetId"] = child.id
        if child.status == "FAILED" and "didn't contain changes" not in (child.reason or ""):
            return (
                f"Nested change set {child.id} was not successfully created: Currently in FAILED."
            )
    return ""


def _change_set(world: World, parent: ChangeSet, change: dict[str, Any]) -> ChangeSet:
    cloudformation, logical_id = world.cloudformation, change["LogicalResourceId"]
    known = cloudformation.stacks.find(change.get("PhysicalResourceId", ""))
    name = f"{parent.stack.name}-{logical_id}-{world.ids.upper(12)}"
    stack = known or Stack(
        name, arn("cloudformation", f"stack/{name}/{world.ids.uuid()}"), world.clock.aws_time()
    )
    scope = cloudformation.scope(parent.stack, parent.definition)
    body = parent.definition.resources[logical_id]
    name = f"{parent.name[:80]}-{logical_id}"
    made = ChangeSet(
        name,
        arn("cloudformation", f"changeSet/{name}/{world.ids.uuid()}"),
        stack,
        {},
        parent.kind,
        parent.definition,
        parent.created,
        parent_id=parent.id,
        root_id=parent.root_id or parent.id,
    )
    made.operation = Operation(world.ids.uuid(), "CREATE_CHANGESET", parent.created)
    try:
        request = request_of(scope.properties(body), parent.stack)
        request["Capabilities"] = parent.definition.capabilities
        made.definition = definition(world, request, known.definition if known else None)
        made.changes = cloudformation.changes(stack, made.definition)
        made.status = "CREATE_COMPLETE"
        made.reason = change_sets(world, made) or None
    except AwsError as error:
        made.reason = error.message
    wished = world.script.nested_failure(logical_id)
    made.reason = wished or made.reason
    if made.reason:
        made.status = "FAILED"
    return made
