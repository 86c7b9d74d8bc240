"""The ways back: rollbacks, going on with one, deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fake_aws.cloudformation.engine import Step
from tests.fake_aws.cloudformation.operator import START_S, Operator, named
from tests.fake_aws.cloudformation.templates import needs
from tests.fake_aws.cloudformation.work import Timed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tests.fake_aws.cloudformation.model import Operation, Stack


class Recovery(Operator):
    """Operations that end in what was there before, or in nothing."""

    def unmaking(self, stack: Stack, operation: Operation, reason: str) -> Iterator[float]:
        """Take a failed creation back."""
        self.engine.event(stack, "ROLLBACK_IN_PROGRESS", reason)
        yield START_S
        failed = yield from self.remove_all(stack, operation, on_create=True)
        if failed:
            told = f"The following resource(s) failed to delete: {named(failed)}"
            self.end(stack, operation, "ROLLBACK_FAILED", told)
        else:
            self.end(stack, operation, "ROLLBACK_COMPLETE")

    def going_back(
        self, stack: Stack, operation: Operation, skipped: Collection[str] = ()
    ) -> Iterator[float]:
        """Take a failed update back."""
        yield START_S
        for one in skipped:
            self._skip_below(one)
        for undo in [one for one in stack.undo if one.logical_id in skipped]:
            stack.undo.remove(undo)
            self.engine.event(stack, "UPDATE_COMPLETE", "", stack.resources[undo.logical_id])
        olds = {one.logical_id: one.before for one in stack.undo if one.before is not None}
        bodies = self.keep_definition(stack).resources
        order = needs({one: bodies[one] for one in olds})

        def start(logical_id: str) -> Step:
            resource, before = stack.resources[logical_id], olds[logical_id]
            if resource.physical_id == before.physical_id:
                return self.engine.update(stack, resource, before.properties, "ROLLBACK")
            self.engine.event(stack, "UPDATE_IN_PROGRESS", "", resource)
            self.engine.back(stack, resource, before)
            return Step(resource, "UPDATE", Timed(self.world, 1))

        failed = yield from self.engine.run(stack, order, start, operation)
        if failed:
            told = f"The following resource(s) failed to update: {named(failed)}"
            self.end(stack, operation, "UPDATE_ROLLBACK_FAILED", told)
        else:
            yield from self._after(stack, operation)

    def _skip_below(self, name: str) -> None:
        """Let a resource of a nested stack, and that stack, count as rolled back."""
        nested, _, logical_id = name.partition(".")
        child = self.world.cloudformation.stacks.find(nested) if logical_id else None
        if child is not None:
            self.engine.event(child, "UPDATE_COMPLETE", "", child.resources[logical_id])
            self.engine.event(child, "UPDATE_ROLLBACK_COMPLETE")

    def _after(self, stack: Stack, operation: Operation) -> Iterator[float]:
        self.engine.event(stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        yield START_S
        made = [one.logical_id for one in stack.undo if one.before is None]
        for resource in [*stack.leftovers, *(stack.resources[one] for one in made)]:
            if resource.lives:
                yield from self.remove(stack, resource, "Delete", operation)
            stack.resources.pop(resource.logical_id if resource.logical_id in made else "", None)
        stack.definition = self.keep_definition(stack)
        stack.before, stack.undo, stack.leftovers = None, [], []
        self.end(stack, operation, "UPDATE_ROLLBACK_COMPLETE")

    def continue_rollback(self, stack: Stack, token: str, skipped: Collection[str]) -> Operation:
        """Go on with a rollback that got stuck."""
        operation = self.begin(stack, "CONTINUE_ROLLBACK", token)
        stack.updated = self.world.clock.aws_time()
        self.engine.event(stack, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        self.go(stack, self.going_back(stack, operation, skipped))
        return operation

    def roll_back(self, stack: Stack, token: str) -> Operation:
        """Take back what failed and was left; a stack that never was good is deleted."""
        operation = self.begin(stack, "ROLLBACK", token)
        if stack.status == "CREATE_FAILED":
            self.engine.event(stack, "DELETE_IN_PROGRESS", "User Initiated")
            self.go(stack, self.deleting(stack, operation, ()))
        else:
            stack.updated = self.world.clock.aws_time()
            self.engine.event(stack, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
            self.go(stack, self.going_back(stack, operation))
        return operation

    def delete(
        self, stack: Stack, token: str, retained: Collection[str], *, forced: bool = False
    ) -> Operation:
        """Delete a stack and what it holds."""
        operation = self.begin(stack, "DELETE_STACK", token)
        self.engine.event(stack, "DELETE_IN_PROGRESS", "User Initiated")
        self.go(stack, self.deleting(stack, operation, retained, forced=forced))
        return operation

    def deleting(
        self,
        stack: Stack,
        operation: Operation,
        retained: Collection[str],
        *,
        forced: bool = False,
    ) -> Iterator[float]:
        """Delete what is there."""
        yield START_S
        in_use = self.world.cloudformation.exports.in_use(stack)
        if in_use:
            self.end(stack, operation, "DELETE_FAILED", in_use)
            return
        failed = yield from self.remove_all(stack, operation, retained=retained)
        if failed and not forced:
            told = f"The following resource(s) failed to delete: {named(failed)}"
            self.end(stack, operation, "DELETE_FAILED", told)
            return
        for one in failed:
            self.engine.event(stack, "DELETE_SKIPPED", "", stack.resources[one])
        stack.deleted = self.world.clock.aws_time()
        self.end(stack, operation, "DELETE_COMPLETE")
