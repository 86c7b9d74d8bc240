"""What CloudFormation's operations stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fake_aws.cloudformation.differences import Changes
from tests.fake_aws.cloudformation.exports import Exports
from tests.fake_aws.cloudformation.operations import Operations
from tests.fake_aws.cloudformation.registry import Stacks
from tests.fake_aws.cloudformation.requests import typed
from tests.fake_aws.cloudformation.values import LATER, Scope
from tests.fake_aws.errors import AwsError, invalid
from tests.fake_aws.ids import ACCOUNT, REGION

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Container, Mapping, Sequence

    from tests.fake_aws.cloudformation.model import ChangeSet, Definition, Stack
    from tests.fake_aws.world import World


class Base:
    """The state of CloudFormation."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stacks = Stacks(world)
        self.exports = Exports(world)
        self.operations = Operations(world)
        self.change_sets: list[ChangeSet] = []
        self.page_size = 100
        """How many items a page has; small ones make the paging visible."""
        self.repeated_token = "TokenAlreadyExistsException"
        """How a request token is answered that was used before: with this code, or as if new
        (empty). AWS's documentation leaves it open."""
        self.change_set_limit = 2000
        self.drift_detections: dict[str, tuple[str, dt.datetime]] = {}
        """The newest of each stack: its id and when it began, by the stack's id."""

    def scope(self, stack: Stack, new: Definition, later: Container[str] = ()) -> Scope:
        """What the names of a template stand for; *later* are resources that will be new."""
        pseudo = {
            "AWS::StackName": stack.name,
            "AWS::StackId": stack.id,
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::NotificationARNs": new.notification_arns,
        }

        def ref(name: str) -> str:
            found = stack.resources.get(name)
            return LATER if found is None or name in later else found.physical_id

        def attribute(name: str, key: str) -> Any:
            found = stack.resources.get(name)
            if found is None or name in later:
                return LATER
            return found.attributes.get(key, f"{found.physical_id}.{key}")

        values = {**pseudo, **typed(self.world, new)}
        return Scope(new.template, values, ref, attribute, self.exports.value)

    def changes(self, stack: Stack, new: Definition) -> list[dict[str, Any]]:
        """What would change."""
        old = stack.definition.resources
        moved = [
            one
            for one, body in new.resources.items()
            if one in old and one in stack.resources and old[one]["Type"] != body["Type"]
        ]
        if moved:
            raise invalid(
                "Update of resource type is not permitted. The new template modifies resource type "
                f"of the following resources: [{', '.join(moved)}]"
            )
        later: set[str] = set()
        return Changes(stack, new, self.scope(stack, new, later), later).found()

    def differs(self, stack: Stack, new: Definition) -> bool:
        """Whether CloudFormation finds anything to do."""
        old = stack.definition
        same_outputs = old.template.get("Outputs") == new.template.get("Outputs")
        settings = ("notification_arns", "rollback_configuration", "role_arn", "tags")
        same_settings = all(getattr(old, one) == getattr(new, one) for one in settings)
        return bool(self.changes(stack, new)) or not same_outputs or not same_settings

    def shown_parameters(self, definition: Definition) -> list[dict[str, Any]]:
        """Parameters as they are shown: secret ones as stars."""
        declared, shown = definition.template.get("Parameters", {}), []
        for key, value in definition.parameters.items():
            body = declared.get(key, {})
            hidden = str(body.get("NoEcho", "")).lower() == "true"
            one = {"ParameterKey": key, "ParameterValue": "****" if hidden else value}
            if str(body.get("Type", "")).startswith("AWS::SSM::"):
                one["ResolvedValue"] = self.world.parameter_value(value)
            shown.append(one)
        return shown

    def use_token(self, stack: Stack, request: Mapping[str, Any]) -> None:
        """Raise where the request's token has been used on this stack."""
        token = request.get("ClientRequestToken")
        used = any(one.token == token for one in stack.operations)
        if token and used and self.repeated_token:
            raise AwsError(
                self.repeated_token, f"A operation with token {token} already exists for this stack"
            )

    def make_obsolete(self, stack: Stack, executed: ChangeSet | None) -> None:
        """The stack moves: its other change sets are worth nothing."""
        for one in self.change_sets:
            if one.stack is stack and one is not executed and not one.gone:
                one.execution_status = "OBSOLETE"

    def ended(self, stack: Stack) -> None:
        """An operation of *stack* is over."""
        for one in self.change_sets:
            if one.stack is not stack:
                continue
            if one.execution_status == "EXECUTE_IN_PROGRESS":
                is_good = stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
                one.execution_status = "EXECUTE_COMPLETE" if is_good else "EXECUTE_FAILED"
            elif stack.status.endswith("_COMPLETE") and one.execution_status == "OBSOLETE":
                one.gone = True
            if stack.status == "DELETE_COMPLETE":
                one.gone = True

    def page(
        self, name: str, items: Sequence[Any], request: Mapping[str, Any], size: int | None = None
    ) -> dict[str, Any]:
        """One page of *items* under *name*, and the token of the next one."""
        start = self.world.page_start(request.get("NextToken"), name)
        end = start + (size or self.page_size)
        found: dict[str, Any] = {name: list(items[start:end])}
        if end < len(items):
            found["NextToken"] = self.world.page_token(end, name)
        return found
