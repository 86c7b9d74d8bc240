"""Creating and updating a stack, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from tests.fake_aws.cloudformation.model import Definition, Operation, Resource, Stack, Undo
from tests.fake_aws.cloudformation.operator import START_S, named
from tests.fake_aws.cloudformation.recovery import Recovery
from tests.fake_aws.cloudformation.templates import needs
from tests.fake_aws.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fake_aws.cloudformation.engine import Step, Steps


class Operations(Recovery):
    """Everything that happens to stacks."""

    def create(
        self, stack: Stack, new: Definition, token: str, *, keep: bool = False, delete: bool = False
    ) -> Operation:
        """Make a stack's resources. *keep* and *delete* say what to do when that fails."""
        operation = self.begin(stack, "CREATE_STACK", token, keep=keep, delete=delete)
        stack.definition, stack.disable_rollback = new, keep
        self.engine.event(stack, "CREATE_IN_PROGRESS", "User Initiated")
        self.go(stack, self._creating(stack, operation))
        return operation

    def _creating(self, stack: Stack, operation: Operation) -> Iterator[float]:
        yield START_S
        failed = yield from self._make(stack, stack.definition, operation)
        reason = f"The following resource(s) failed to create: {named(failed)}" if failed else ""
        reason = reason or self._triggered(stack) or self.world.cloudformation.exports.fill(stack)
        if not reason:
            stack.undo = []
            self.end(stack, operation, "CREATE_COMPLETE")
        elif operation.keep_on_failure:
            self.end(stack, operation, "CREATE_FAILED", reason)
        elif operation.delete_on_failure:
            self.close(operation)
            after = self.begin(stack, "DELETE_STACK", operation.token)
            told = f"{reason}Delete requested by user."
            self.engine.event(stack, "DELETE_IN_PROGRESS", told)
            yield from self.deleting(stack, after, ())
        else:
            self.close(operation)
            after = self.begin(stack, "ROLLBACK", operation.undo_token)
            yield from self.unmaking(stack, after, f"{reason}Rollback requested by user.")

    def update(self, stack: Stack, new: Definition, token: str, *, keep: bool = False) -> Operation:
        """Bring a stack to another definition."""
        operation = self.begin(stack, "UPDATE_STACK", token, keep=keep)
        if stack.before is None or not stack.status.endswith("_FAILED"):
            stack.before = structs.replace(stack.definition)  # else what was good stays that
        if not stack.status.endswith("_FAILED"):
            stack.undo, stack.leftovers = [], []
        stack.definition, stack.disable_rollback = new, keep
        stack.updated = self.world.clock.aws_time()
        self.engine.event(stack, "UPDATE_IN_PROGRESS", "User Initiated")
        self.go(stack, self._updating(stack, operation))
        return operation

    def _updating(self, stack: Stack, operation: Operation) -> Iterator[float]:
        yield START_S
        failed = yield from self._make(stack, stack.definition, operation)
        reason = f"The following resource(s) failed to update: {named(failed)}" if failed else ""
        if not reason and not operation.cancelled:
            reason = self._triggered(stack) or self.world.cloudformation.exports.fill(stack)
        if not reason and not operation.cancelled:
            yield from self._clean_up(stack, operation)
        elif operation.keep_on_failure:
            self.end(stack, operation, "UPDATE_FAILED", reason)
        else:
            self.close(operation)
            after = self.begin(stack, "ROLLBACK", operation.undo_token)
            self.engine.event(stack, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
            yield from self.going_back(stack, after)

    def _triggered(self, stack: Stack) -> str:
        """Why the rollback triggers stop the operation, or nothing."""
        given = stack.definition.rollback_configuration.get("RollbackTriggers", [])
        known = self.world.cloudwatch.alarms
        names = {one["Arn"]: one["Arn"].rpartition(":")[2] for one in given}
        missing = [one for one, name in names.items() if name not in known]
        if missing:
            return f"The following rollback triggers do not exist: [{', '.join(missing)}]. "
        ringing = [one for one, name in names.items() if known[name]["StateValue"] == "ALARM"]
        if ringing:
            return f"The following rollback triggers are in ALARM: [{', '.join(ringing)}]. "
        return ""

    def _make(self, stack: Stack, new: Definition, operation: Operation) -> Steps:
        """Bring every resource to what *new* says."""
        scope = self.world.cloudformation.scope(stack, new)
        wanted = scope.wanted()

        def start(logical_id: str) -> Step | None:
            body = wanted[logical_id]
            known = stack.resources.get(logical_id)
            try:
                properties, refusal = scope.properties(body), ""
            except AwsError as error:
                properties, refusal = {}, error.message
            if known is not None and known.lives and known.status != "CREATE_FAILED":
                if refusal:
                    return self.engine.refuse(stack, known, "UPDATE", refusal)
                return self.engine.changed(stack, known, properties, new)
            if known is not None:
                self.engine.forget(known)
            made = Resource(logical_id, body["Type"], properties=properties)
            stack.resources[logical_id] = made
            if all(one.logical_id != logical_id for one in stack.undo):
                stack.undo.append(Undo(logical_id, None))
            if refusal:
                return self.engine.refuse(stack, made, "CREATE", refusal)
            return self.engine.create(stack, made)

        return (yield from self.engine.run(stack, needs(wanted), start, operation))

    def _clean_up(self, stack: Stack, operation: Operation) -> Iterator[float]:
        self.engine.event(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        yield START_S
        old = self.keep_definition(stack).resources
        for before in [one.before for one in stack.undo if one.before is not None]:
            if stack.resources[before.logical_id].physical_id != before.physical_id:
                policy = old.get(before.logical_id, {}).get("UpdateReplacePolicy", "Delete")
                yield from self.remove(stack, before, policy, operation)
        wanted = self.world.cloudformation.scope(stack, stack.definition).wanted()
        for resource in [one for one in stack.resources.values() if one.logical_id not in wanted]:
            policy = old.get(resource.logical_id, {}).get("DeletionPolicy", "Delete")
            yield from self.remove(stack, resource, policy, operation)
        for resource in stack.leftovers:
            yield from self.remove(stack, resource, "Delete", operation)
        stack.before, stack.undo, stack.leftovers = None, [], []
        self.end(stack, operation, "UPDATE_COMPLETE")
