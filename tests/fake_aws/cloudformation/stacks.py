"""The operations on stacks: describe, create, update, delete, and the ways out of trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_aws.cloudformation.base import Base
from tests.fake_aws.cloudformation.model import UPDATABLE, Stack
from tests.fake_aws.cloudformation.registry import BRACKETS
from tests.fake_aws.cloudformation.requests import definition
from tests.fake_aws.errors import AwsError, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = dict[str, Any]


class StackOperations(Base):
    """CreateStack, UpdateStack and so on."""

    def create_stack(self, request: Mapping[str, Any]) -> Answer:
        name = request["StackName"]
        known = self.stacks.find(name)
        if known is not None:
            self.use_token(known, request)
            raise AwsError("AlreadyExistsException", f"Stack [{name}] already exists")
        new = definition(self.world, request, None)
        stack = self.stacks.new(name)
        stack.protected = request.get("EnableTerminationProtection", False)
        stack.policy = request.get("StackPolicyBody")
        on_failure = request.get("OnFailure", "ROLLBACK")
        operation = self.operations.create(
            stack,
            new,
            request.get("ClientRequestToken", ""),
            keep=request.get("DisableRollback", False) or on_failure == "DO_NOTHING",
            delete=on_failure == "DELETE",
        )
        return {"StackId": stack.id, "OperationId": operation.id}

    def update_stack(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"], BRACKETS)
        self.use_token(stack, request)
        self.must_be_updatable(stack)
        new = definition(self.world, request, stack.definition)
        if not self.differs(stack, new):
            raise invalid("No updates are to be performed.")
        operation = self.operations.update(
            stack,
            new,
            request.get("ClientRequestToken", ""),
            keep=request.get("DisableRollback", False),
        )
        self.make_obsolete(stack, None)
        return {"StackId": stack.id, "OperationId": operation.id}

    def cancel_update_stack(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"], BRACKETS)
        if stack.status != "UPDATE_IN_PROGRESS":
            raise invalid(
                "CancelUpdateStack cannot be called from current stack status: " + stack.status
            )
        operation = stack.operations[-1]
        operation.cancelled = True
        # what follows carries the cancel's token: glassechidna/stackit#26
        operation.cancel_token = request.get("ClientRequestToken", "")
        return {}

    def continue_update_rollback(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"], BRACKETS)
        self.use_token(stack, request)
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise invalid(
                f"Stack:{stack.id} is in {stack.status} state and can not continue rollback."
            )
        skipped = request.get("ResourcesToSkip", [])
        for one in skipped:
            name, _, nested = one.partition(".")
            owner = self.stacks.find(name) if nested else stack
            found = owner.resources.get(nested or name) if owner is not None else None
            if found is None or found.status != "UPDATE_FAILED":
                raise invalid(
                    f"The resource {one} cannot be skipped: only resources in the UPDATE_FAILED "
                    "state can be"
                )
        if request.get("ForceRollback"):
            failed = [one for one in stack.resources.values() if one.status == "UPDATE_FAILED"]
            skipped = [one.logical_id for one in failed]
        self.operations.continue_rollback(stack, request.get("ClientRequestToken", ""), skipped)
        return {}

    def rollback_stack(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"], BRACKETS)
        self.use_token(stack, request)
        if stack.status not in ("CREATE_FAILED", "UPDATE_FAILED"):
            raise invalid(
                f"Stack:{stack.id} is in {stack.status} state and can not be rolled back."
            )
        if stack.deployment_mode == "EXPRESS":
            raise invalid("RollbackStack is not supported for stacks deployed in EXPRESS mode")
        operation = self.operations.roll_back(stack, request.get("ClientRequestToken", ""))
        return {"StackId": stack.id, "OperationId": operation.id}

    def delete_stack(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.find(request["StackName"])
        if stack is None or stack.status == "DELETE_COMPLETE":
            return {}
        self.use_token(stack, request)
        if stack.protected:
            raise invalid(
                f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            )
        if stack.status == "DELETE_IN_PROGRESS":
            return {}
        if stack.busy and stack.status != "CREATE_IN_PROGRESS":
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be deleted.")
        retained = request.get("RetainResources", [])
        if retained and stack.status != "DELETE_FAILED":
            raise invalid(
                f"Invalid operation on stack [{stack.id}]. RetainResources can only be specified "
                "when the stack is in the DELETE_FAILED state"
            )
        if any(one in stack.resources and not stack.resources[one].lives for one in retained):
            raise invalid(
                "The specified resources to retain must be in a valid state. Do not specify "
                "resources that are in the DELETE_COMPLETE state."
            )
        forced = request.get("DeletionMode") == "FORCE_DELETE_STACK"
        if forced and stack.status != "DELETE_FAILED":
            raise invalid(
                f"Invalid operation on stack [{stack.id}]. FORCE_DELETE_STACK can only be "
                "specified when the stack is in the DELETE_FAILED state"
            )
        token = request.get("ClientRequestToken", "")
        self.operations.delete(stack, token, retained, forced=forced)
        return {}

    def update_termination_protection(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"], BRACKETS)
        stack.protected = request["EnableTerminationProtection"]
        return {"StackId": stack.id}

    def set_stack_policy(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"], BRACKETS)
        stack.policy = request["StackPolicyBody"]
        return {}

    def get_stack_policy(self, request: Mapping[str, Any]) -> Answer:
        stack = self.stacks.get(request["StackName"], BRACKETS)
        return {"StackPolicyBody": stack.policy} if stack.policy else {}

    def must_be_updatable(self, stack: Stack) -> None:
        """Raise where CloudFormation would not touch the stack."""
        if stack.status not in UPDATABLE:
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
        if stack.status == "CREATE_FAILED" and stack.on_failure == "DO_NOTHING":
            raise invalid(
                "This stack cannot be updated from [CREATE_FAILED] state because it contains "
                "[on-failure: DO_NOTHING]. Please use disable-rollback option instead during stack "
                "creation."
            )
