"""The operations on change sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.fake_aws.cloudformation.differences import without_values
from tests.fake_aws.cloudformation.model import ChangeSet, Operation, Stack
from tests.fake_aws.cloudformation.nested import change_sets
from tests.fake_aws.cloudformation.registry import BRACKETS
from tests.fake_aws.cloudformation.requests import definition, template_text
from tests.fake_aws.cloudformation.stacks import StackOperations
from tests.fake_aws.errors import AwsError, invalid
from tests.fake_aws.ids import arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Answer = dict[str, Any]

NO_CHANGES: Final = (
    "The submitted information didn't contain changes. Submit different information to create a "
    "change set."
)
_COMPARED: Final = (
    *("Description", "Parameters", "Tags", "Capabilities", "RoleARN", "ChangeSetType"),
    *("RollbackConfiguration", "NotificationARNs"),
)


class ChangeSetOperations(StackOperations):
    """CreateChangeSet, DescribeChangeSet, ExecuteChangeSet and so on."""

    def create_change_set(self, request: Mapping[str, Any]) -> Answer:
        name, kind = request["StackName"], request.get("ChangeSetType", "UPDATE")
        stack = self.stacks.find(name)
        same = self._find(request["ChangeSetName"], stack) if stack else None
        if same is not None:
            return self._again(same, request)
        if kind == "CREATE":
            if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
                raise invalid(
                    f"Stack [{name}] already exists and cannot be created again with the "
                    f"changeSet [{request['ChangeSetName']}]."
                )
        elif stack is None:
            raise invalid(f"Stack [{name}] does not exist")
        else:
            self.must_be_updatable(stack)
        old = stack.definition if stack and kind != "CREATE" else None
        new = definition(self.world, request, old)
        open_ones = [one for one in self.change_sets if one.stack is stack and not one.gone]
        if stack is not None and len(open_ones) >= self.change_set_limit:
            raise AwsError(
                "LimitExceededException", f"ChangeSet limit exceeded for stack [{stack.name}]"
            )
        stack = stack or self._in_review(name)
        made = ChangeSet(
            request["ChangeSetName"],
            arn("cloudformation", f"changeSet/{request['ChangeSetName']}/{self.world.ids.uuid()}"),
            stack,
            {**request, "TemplateBody": template_text(self.world, request, old)},
            kind,
            new,
            self.world.clock.aws_time(),
        )
        made.operation = Operation(self.world.ids.uuid(), "CREATE_CHANGESET", made.created)
        self.change_sets.append(made)
        self.world.clock.run(self._making(made))
        return {"Id": made.id, "StackId": stack.id}

    def _again(self, known: ChangeSet, request: Mapping[str, Any]) -> Answer:
        """The name is taken: the same request by its token gets the same change set."""
        old = known.stack.definition if known.kind != "CREATE" else None
        if template_text(self.world, request, old) != known.request["TemplateBody"]:
            different = "Template"
        else:
            wants = (one for one in _COMPARED if request.get(one) != known.request.get(one))
            different = next(wants, "")
        if different:
            raise AwsError(
                "AlreadyExistsException",
                f"ChangeSet {known.name} cannot be created due to a mismatch with existing "
                f"attribute {different}",
            )
        token = request.get("ClientToken")
        if token and token == known.request.get("ClientToken"):
            return {"Id": known.id, "StackId": known.stack.id}
        raise AwsError("AlreadyExistsException", f"ChangeSet [{known.name}] already exists")

    def _in_review(self, name: str) -> Stack:
        stack = self.stacks.new(name)
        operation = self.operations.begin(stack, "CREATE_CHANGESET", "")
        self.operations.engine.event(stack, "REVIEW_IN_PROGRESS", "User Initiated")
        self.operations.close(operation, "SUCCEEDED")
        return stack

    def _making(self, made: ChangeSet) -> Iterator[float]:
        takes_s = self.world.script.change_set_takes_s
        yield takes_s / 4
        made.status = "CREATE_IN_PROGRESS"
        yield takes_s * 3 / 4
        if made.gone:
            return
        try:
            made.changes = self.changes(made.stack, made.definition)
            is_same = made.kind != "CREATE" and not self.differs(made.stack, made.definition)
            reason = NO_CHANGES if is_same else None
            if made.request.get("IncludeNestedStacks") and not is_same:
                reason = change_sets(self.world, made) or None
                is_same = bool(reason)
        except AwsError as error:
            is_same, reason = True, error.message
        wish = self.world.script.next_change_set()
        made.status = "FAILED" if is_same else "CREATE_COMPLETE"
        made.reason = reason
        assert made.operation is not None
        if wish is not None:
            made.status, made.reason = wish.status, wish.reason
            made.operation.extra = [dict(one) for one in wish.events]
        if made.status == "CREATE_COMPLETE" and made.execution_status != "OBSOLETE":
            made.execution_status = "AVAILABLE"
        good = made.status == "CREATE_COMPLETE"
        self.operations.close(made.operation, "SUCCEEDED" if good else "FAILED")

    def describe_change_set(self, request: Mapping[str, Any]) -> Answer:
        found = self.change_set(request)
        hide = (lambda one: one) if request.get("IncludePropertyValues") else without_values
        shown = [{"Type": "Resource", "ResourceChange": hide(one)} for one in found.changes]
        ready = found.status == "CREATE_COMPLETE"
        asked = found.request
        answer: Answer = {
            **self.summary(found),
            **self.page("Changes", shown if ready else [], request),
            "Parameters": self.shown_parameters(found.definition),
            "Tags": [{"Key": key, "Value": one} for key, one in found.definition.tags.items()],
            "Capabilities": found.definition.capabilities,
            "NotificationARNs": found.definition.notification_arns,
            "RollbackConfiguration": found.definition.rollback_configuration,
            "ParentChangeSetId": found.parent_id,
            "RootChangeSetId": found.root_id,
            "DeploymentConfig": asked.get("DeploymentConfig"),
            "OnStackFailure": asked.get("OnStackFailure"),
            "ImportExistingResources": asked.get("ImportExistingResources", False),
        }
        return answer

    def summary(self, found: ChangeSet) -> Answer:
        """What DescribeChangeSet and ListChangeSets both show."""
        return {
            "StackId": found.stack.id,
            "StackName": found.stack.name,
            "ChangeSetId": found.id,
            "ChangeSetName": found.name,
            "ExecutionStatus": found.execution_status,
            "Status": found.status,
            "StatusReason": found.reason,
            "CreationTime": found.created,
            "Description": found.request.get("Description"),
            "IncludeNestedStacks": found.request.get("IncludeNestedStacks", False),
        }

    def list_change_sets(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"], BRACKETS)
        found = [one for one in self.change_sets if one.stack is stack and one.is_open]
        return self.page("Summaries", [self.summary(one) for one in found], request)

    def delete_change_set(self, request: Mapping[str, Any]) -> Answer:
        try:
            found = self.change_set(request)
        except AwsError as error:
            if error.code == "ChangeSetNotFound":
                return {}
            raise
        if found.execution_status == "EXECUTE_IN_PROGRESS":
            raise AwsError(
                "InvalidChangeSetStatus",
                f"ChangeSet [{found.id}] cannot be deleted in its current execution status of "
                f"[{found.execution_status}]",
            )
        if found.status in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            raise AwsError(
                "InvalidChangeSetStatus",
                f"ChangeSet [{found.id}] cannot be deleted in its current status of "
                f"[{found.status}]",
            )
        found.gone = True
        return {}

    def execute_change_set(self, request: Mapping[str, Any]) -> Answer:
        found = self.change_set(request)
        stack, token = found.stack, request.get("ClientRequestToken", "")
        self.use_token(stack, request)
        if found.status != "CREATE_COMPLETE":
            raise AwsError(
                "InvalidChangeSetStatus",
                f"ChangeSet [{found.id}] cannot be executed in its current status of "
                f"[{found.status}]",
            )
        if found.execution_status != "AVAILABLE":
            raise AwsError(
                "InvalidChangeSetStatus",
                f"ChangeSet [{found.id}] cannot be executed in its current execution status of "
                f"[{found.execution_status}]",
            )
        if stack.busy:
            raise AwsError(
                "InvalidChangeSetStatus",
                "An operation on this ChangeSet is currently in progress.  Please attempt this "
                "operation again later.",
            )
        on_failure = found.request.get("OnStackFailure")
        keep = request.get("DisableRollback", False)
        if on_failure and keep:
            raise invalid("DisableRollback cannot be specified when OnStackFailure is set")
        found.execution_status = "EXECUTE_IN_PROGRESS"
        stack.updated = self.world.clock.aws_time()  # also of a stack that is being created
        stack.change_set_id, stack.on_failure = found.id, on_failure
        self.make_obsolete(stack, found)
        config = found.request.get("DeploymentConfig", {})
        stack.deployment_mode = config.get("Mode", "STANDARD")
        express = stack.deployment_mode == "EXPRESS"
        keep = keep or on_failure == "DO_NOTHING" or config.get("DisableRollback", express)
        if found.kind == "CREATE":
            delete = on_failure == "DELETE"
            self.operations.create(stack, found.definition, token, keep=keep, delete=delete)
        else:
            self.operations.update(stack, found.definition, token, keep=keep)
        return {}

    def change_set(self, request: Mapping[str, Any]) -> ChangeSet:
        """The change set that a request means."""
        name, stack = request["ChangeSetName"], None
        if not name.startswith("arn:"):
            if "StackName" not in request:
                raise invalid(
                    "StackName must be specified if ChangeSetName is not specified as ARN"
                )
            stack = self.stacks.get(request["StackName"], BRACKETS)
        found = self._find(name, stack)
        if found is None:
            raise AwsError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
        return found

    def _find(self, name: str, stack: Stack | None) -> ChangeSet | None:
        """By its ARN also after it was executed, by its name only before."""
        for one in self.change_sets:
            if one.gone:
                continue
            if one.id == name or (one.name == name and one.stack is stack and one.is_open):
                return one
        return None
