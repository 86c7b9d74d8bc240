"""The operations that only read: stacks, events, resources, templates, exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_aws.cloudformation.change_sets import ChangeSetOperations
from tests.fake_aws.cloudformation.drift import DriftOperations
from tests.fake_aws.cloudformation.registry import BRACKETS
from tests.fake_aws.cloudformation.requests import template_text
from tests.fake_aws.cloudformation.templates import needed_capabilities, read
from tests.fake_aws.errors import AwsError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.fake_aws.cloudformation.model import Event, Operation, Resource, Stack

Answer = dict[str, Any]


class CloudFormation(ChangeSetOperations, DriftOperations):
    """CloudFormation as its API shows it."""

    def describe_stacks(self, request: Mapping[str, Any]) -> Answer:
        name = request.get("StackName")
        found = [self.stacks.get(name)] if name else list(self.stacks.living())
        return self.page("Stacks", [self._shown(one) for one in found], request)

    def list_stacks(self, request: Mapping[str, Any]) -> Answer:
        wanted = request.get("StackStatusFilter")
        found = [one for one in self.stacks.all if not wanted or one.status in wanted]
        names = ("StackId", "StackName", "CreationTime", "StackStatus", "StackStatusReason")
        rows = [{key: self._shown(one)[key] for key in names} for one in found]
        return self.page("StackSummaries", rows, request)

    def _shown(self, stack: Stack) -> Answer:
        definition = stack.definition
        return {
            "StackId": stack.id,
            "StackName": stack.name,
            "ChangeSetId": stack.change_set_id,
            "Description": definition.template.get("Description"),
            "Parameters": self.shown_parameters(definition),
            "CreationTime": stack.created,
            "LastUpdatedTime": stack.updated,
            "DeletionTime": stack.deleted,
            "RollbackConfiguration": definition.rollback_configuration,
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason or None,
            "DisableRollback": stack.disable_rollback,
            "NotificationARNs": definition.notification_arns,
            "Capabilities": definition.capabilities,
            "Outputs": stack.outputs,
            "RoleARN": definition.role_arn,
            "Tags": [{"Key": key, "Value": one} for key, one in definition.tags.items()],
            "EnableTerminationProtection": stack.protected,
            "ParentId": stack.parent_id,
            "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
            "LastOperations": self._last_operations(stack),
            "DeploymentConfig": {
                "Mode": stack.deployment_mode,
                "DisableRollback": stack.disable_rollback,
            },
        }

    def _last_operations(self, stack: Stack) -> list[Answer]:
        """The newest of each type, newest first."""
        made = [one.operation for one in self.change_sets if one.stack is stack and one.operation]
        found: dict[str, Operation] = {}
        for one in sorted([*made, *stack.operations], key=lambda one: one.started):
            found.pop(one.type, None)
            found[one.type] = one
        return [
            {"OperationType": one.type, "OperationId": one.id} for one in reversed(found.values())
        ]

    def describe_stack_events(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"], BRACKETS)
        hooks = self.world.script.hooks
        rows = [
            _event(stack, one) | (hooks.get(one.logical_id, {}) if one.is_failure else {})
            for one in reversed(stack.events)
        ]
        return self.page("StackEvents", rows, request)

    def describe_events(self, request: Mapping[str, Any]) -> Answer:
        rows = list(self._operation_events(request))
        rows.sort(key=lambda one: one["Timestamp"], reverse=True)
        if request.get("Filters", {}).get("FailedEvents"):
            rows = [one for one in rows if _is_failed(one)]
        return self.page("OperationEvents", rows, request)

    def _operation_events(self, request: Mapping[str, Any]) -> Iterator[Answer]:
        wanted = request.get("OperationId")
        if "ChangeSetName" in request:
            one = self.change_set(request)
            assert one.operation is not None
            yield from self._extra(one.stack, one.operation)
            return
        if wanted:
            stacks = list(self.stacks.all)
        elif "StackName" in request:
            stacks = [self.stacks.get(request["StackName"], BRACKETS)]
        else:
            raise invalid("One of StackName, ChangeSetName or OperationId must be specified")
        for stack in stacks:
            for event in reversed(stack.events):
                if wanted in (None, event.operation.id):
                    yield _operation_event(stack, event)
            for operation in stack.operations:
                if wanted in (None, operation.id):
                    yield from self._extra(stack, operation)

    def _extra(self, stack: Stack, operation: Operation) -> Iterator[Answer]:
        for index, one in enumerate(operation.extra):
            yield {
                "EventId": f"{operation.id}-{index}",
                "StackId": stack.id,
                "OperationId": operation.id,
                "OperationType": operation.type,
                "OperationStatus": operation.status,
                "Timestamp": operation.ended or operation.started,
                **one,
            }

    def list_stack_resources(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"])
        rows = [_resource(one, "LastUpdatedTimestamp") for one in stack.resources.values()]
        return self.page("StackResourceSummaries", rows, request)

    def describe_stack_resources(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"])
        wanted = request.get("LogicalResourceId")
        found = [one for one in stack.resources.values() if wanted in (None, one.logical_id)]
        own = {"StackId": stack.id, "StackName": stack.name}
        return {"StackResources": [{**_resource(one, "Timestamp"), **own} for one in found[:100]]}

    def describe_stack_resource(self, request: Mapping[str, Any]) -> Answer:
        stack, logical_id = self.stacks.get(request["StackName"]), request["LogicalResourceId"]
        if logical_id not in stack.resources:
            raise invalid(f"Resource {logical_id} does not exist for stack {stack.name}")
        row = _resource(stack.resources[logical_id], "LastUpdatedTimestamp")
        return {"StackResourceDetail": {**row, "StackId": stack.id, "StackName": stack.name}}

    def get_template(self, request: Mapping[str, Any]) -> Answer:
        if "ChangeSetName" in request:
            text = self.change_set(request).definition.text
        else:
            text = self.stacks.get(request["StackName"]).definition.text
        # AWS keeps what is not ASCII as question marks
        shown = text.encode("ascii", "replace").decode()
        return {"TemplateBody": shown, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(self, request: Mapping[str, Any]) -> Answer:
        if "StackName" in request:
            template = self.stacks.get(request["StackName"]).definition.template
        else:
            template = read(template_text(self.world, request, None))
        return {
            **_summary(template),
            "ResourceTypes": sorted(
                {one["Type"] for one in template.get("Resources", {}).values()}
            ),
        }

    def validate_template(self, request: Mapping[str, Any]) -> Answer:
        found = _summary(read(template_text(self.world, request, None)))
        for one in found["Parameters"]:
            one.pop("ParameterType")
        return {key: one for key, one in found.items() if key != "Metadata"}

    def list_exports(self, request: Mapping[str, Any]) -> Answer:
        return self.page("Exports", self.exports.all(), request)

    def list_imports(self, request: Mapping[str, Any]) -> Answer:
        name = request["ExportName"]
        found = self.exports.importers(name)
        if not found:
            raise invalid(f"Export '{name}' is not imported by any stack.")
        return self.page("Imports", found, request)

    def list_hook_results(self, request: Mapping[str, Any]) -> Answer:
        results = self.world.script.hook_results
        found = results.get(request.get("TargetId", ""), results.get("*", []))
        rows = [{k: v for k, v in one.items() if k != "Annotations"} for one in found]
        return self.page("HookResults", rows, request)

    def get_hook_result(self, request: Mapping[str, Any]) -> Answer:
        wanted = request["HookResultId"]
        for results in self.world.script.hook_results.values():
            for one in results:
                if one["HookResultId"] == wanted:
                    return dict(one)
        raise AwsError("HookResultNotFound", f"Hook result {wanted} was not found", 404)

    def describe_change_set_hooks(self, request: Mapping[str, Any]) -> Answer:
        found = self.change_set(request)
        own = {"ChangeSetId": found.id, "ChangeSetName": found.name, "StackId": found.stack.id}
        return {**own, "StackName": found.stack.name, "Status": "PLANNED", "Hooks": []}


def _event(stack: Stack, event: Event) -> Answer:
    return {
        "StackId": stack.id,
        "EventId": event.event_id,
        "StackName": stack.name,
        "OperationId": event.operation.id,
        "LogicalResourceId": event.logical_id,
        "PhysicalResourceId": event.physical_id,
        "ResourceType": event.type,
        "Timestamp": event.at,
        "ResourceStatus": event.status,
        "ResourceStatusReason": event.reason or None,
        "ClientRequestToken": event.operation.token or None,
    }


def _operation_event(stack: Stack, event: Event) -> Answer:
    own = event.physical_id == stack.id
    kind = "STACK_EVENT" if own else "PROGRESS_EVENT"
    if not own and event.status.endswith("_FAILED"):
        kind = "PROVISIONING_ERROR"
    row = _event(stack, event)
    del row["StackName"]
    return {
        **row,
        "OperationType": event.operation.type,
        "OperationStatus": event.operation.status,
        "EventType": kind,
    }


def _is_failed(row: Answer) -> bool:
    bad = ("PROVISIONING_ERROR", "VALIDATION_ERROR", "HOOK_INVOCATION_ERROR")
    return row.get("EventType") in bad or str(row.get("ResourceStatus", "")).endswith("_FAILED")


def _resource(resource: Resource, time: str) -> Answer:
    return {
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id or None,
        "ResourceType": resource.type,
        time: resource.at,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason or None,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


def _summary(template: dict[str, Any]) -> Answer:
    needed = needed_capabilities(template) if "Resources" in template else ""
    return {
        "Description": template.get("Description"),
        "Parameters": [
            {
                "ParameterKey": key,
                "ParameterType": body["Type"],
                "DefaultValue": body.get("Default"),
                "NoEcho": str(body.get("NoEcho", "")).lower() == "true",
                "Description": body.get("Description"),
            }
            for key, body in template.get("Parameters", {}).items()
        ],
        "Capabilities": [needed] if needed else [],
    }
